import { type ReactNode, useEffect, useState } from 'react';
import type { DeviceSource } from '../../../src/devices/index.ts';
import { useLocalMedia, usePlayback, useRoomMedia, useRoomState } from '../../../src/react/index.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { IconButton } from '../../parts/icon-button.tsx';
import { useCall } from '../context.ts';
import { deviceTrouble, TROUBLES, type Trouble } from '../words.ts';

/** Milliseconds that a trouble may last before it is worth a word: most connections are back sooner. */
const PATIENCE = 700;

/** Over the pictures, which stand still then, but stay: what keeps the call from going on, and what the user can do about it. */
export function Banners() {
  return (
    // There from the beginning: what is put into a status later, screen readers tell.
    <div className="banners" role="status">
      <Connection />
      <Playback />
      <Device source="microphone" />
      <Device source="camera" />
    </div>
  );
}

interface BannerProps {
  kind: string;
  before: ReactNode;
  title: string;
  text?: string;
  /** What can be done about it. */
  children?: ReactNode;
}

function Banner({ kind, before, title, text, children }: BannerProps) {
  return (
    <div className="banner" data-testid="banner" data-kind={kind}>
      {before}
      <div className="banner-words">
        <strong>{title}</strong>
        {text !== undefined && <span>{text}</span>}
      </div>
      {children && <div className="line">{children}</div>}
    </div>
  );
}

const SPINNER = <span className="spinner" aria-hidden="true" />;

function Connection() {
  const trouble = useTrouble();
  const isWorthAWord = useLasting(trouble !== undefined, PATIENCE);
  if (!trouble || !isWorthAWord) return null;
  return <Banner kind={trouble} before={SPINNER} {...TROUBLES[trouble]} />;
}

function useTrouble(): Trouble | undefined {
  const state = useRoomState();
  const media = useRoomMedia();
  const isOnline = useOnline();
  if (state !== 'reconnecting') return undefined;
  if (!isOnline) return 'offline';
  return media === 'waiting' ? 'waiting' : 'reconnecting';
}

function useOnline(): boolean {
  const [isOnline, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }, []);
  return isOnline;
}

/** Whether something has been so for some milliseconds. */
function useLasting(isSo: boolean, milliseconds: number): boolean {
  const [isLasting, setLasting] = useState(false);
  useEffect(() => {
    if (!isSo) return setLasting(false);
    const timer = setTimeout(() => setLasting(true), milliseconds);
    return () => clearTimeout(timer);
  }, [isSo, milliseconds]);
  return isSo && isLasting;
}

function Playback() {
  const { attempt } = useCall();
  const { playback, start } = usePlayback();
  if (playback === 'allowed') return null;
  return (
    <Banner kind="playback" before={<Icon name="speaker" />} title="Your browser keeps the sound off">
      <Button isSmall look="primary" testid="start-playback" onClick={() => attempt(start)}>
        Turn on sound
      </Button>
    </Banner>
  );
}

/** Says that a device was lost on the way. One that was never there says its button. */
function Device({ source }: { source: DeviceSource }) {
  const { media, ui } = useCall();
  const { status } = useLocalMedia(media)[source];
  const [dismissed, setDismissed] = useState(status);
  if (status === 'on' && dismissed !== 'on') setDismissed('on');
  const text = status === dismissed ? undefined : deviceTrouble(source, status);
  if (text === undefined) return null;
  return (
    <Banner kind={source} before={<Icon name="warning" />} title={text}>
      <Button isSmall onClick={() => media.open(source)}>
        Try again
      </Button>
      <Button isSmall onClick={() => ui.change({ panel: 'settings' })}>
        Settings
      </Button>
      <IconButton look="bare" icon="close" label="Dismiss" onClick={() => setDismissed(status)} />
    </Banner>
  );
}
