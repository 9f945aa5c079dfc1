import { type Browser, chromium } from 'playwright-core';
import { niceBrowser } from '../nice-browser.ts';
import { provideChromium } from './provide.ts';

/** Fake devices, media on loopback, and nothing that calls home. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

export interface LaunchOptions {
  readonly onProgress?: (step: string) => void;
  /** Frames a second of the fake camera. Default: Chromium's 20. */
  readonly frameRate?: number;
  /** Default true: `getUserMedia` is granted without a question. */
  readonly mediaAllowed?: boolean;
  /** Default true: as in a network that lets UDP through. Else pages find no way to media but over TCP. */
  readonly udp?: boolean;
}

/** A headless Chromium with a fresh profile, a fake camera and a fake microphone. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const { onProgress = () => {}, frameRate, mediaAllowed = true, udp = true } = options;
  const { path } = await provideChromium(onProgress);
  const flags = mediaAllowed ? FLAGS : FLAGS.filter((flag) => !flag.startsWith('--use-fake-ui'));
  const camera = `--use-fake-device-for-media-stream${frameRate === undefined ? '' : `=fps=${frameRate}`}`;
  return chromium.launch({
    ...niceBrowser(path),
    headless: true,
    args: [...flags, camera, ...(udp ? [] : ['--webrtc-ip-handling-policy=disable_non_proxied_udp'])],
  });
}
