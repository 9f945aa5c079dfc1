import { Hyperroom } from '../src/index.ts';
import { type Address, invitation, readAddress } from './address.ts';
import { afterCall, type Ending } from './after-call.ts';
import { call } from './call.ts';
import { h, show } from './dom.ts';
import { type Choice, type Draft, lobby } from './lobby.ts';
import { BOTH, LocalMedia } from './local-media.ts';
import { brand, notice } from './notice.ts';
import { showJoining, showStarting, showWaiting } from './waiting.ts';
import { joinFailure } from './words.ts';

/** Of `config.json`, beside the page. */
interface Config {
  signalling: string;
  domain: string;
}

const NAME_KEY = 'hyperroom.name';

async function main(): Promise<void> {
  const address = readAddress(location.search);
  const config = await configuration();
  let draft = firstDraft(address);
  let isInvited = draft.room !== undefined;
  let isDecided = address.isAuto && isWhole(draft);
  let failure: string | undefined;

  for (;;) {
    const opening = LocalMedia.open(address.video);
    const prepared = server(config, draft.token);
    prepared.prepare();
    if (isDecided) showJoining();
    const choice = isDecided && isWhole(draft) ? draft : await lobby({ draft, isInvited, media: opening, failure });
    const hyperroom = choice.token === draft.token ? prepared : server(config, choice.token);
    localStorage.setItem(NAME_KEY, choice.name);
    const { ending, failure: reason } = await attend(hyperroom, choice, await opening);
    // Who did not get in, or wants another room, is to choose one.
    isInvited = false;
    failure = reason;
    isDecided = ending !== undefined && (await afterCall(ending)) === 'rejoin';
    draft = ending && !isDecided ? { ...choice, room: undefined } : choice;
  }
}

interface Outcome {
  ending?: Ending;
  /** Why there was no call; undefined as well for who has changed his mind. */
  failure?: string;
}

/** One call, from the join to its end. */
async function attend(hyperroom: Hyperroom, choice: Choice, media: LocalMedia): Promise<Outcome> {
  const { room: id, name, sources, create } = choice;
  const link = invitation(id);
  history.replaceState(null, '', link);
  const patience = new AbortController();
  media.keep(sources);
  try {
    const room = await hyperroom.join(id, {
      name,
      stream: media.stream,
      muted: media.muted,
      onWaiting: (what) => {
        const cancel = () => patience.abort();
        if (what === 'media') showStarting(cancel);
        else showWaiting(id, cancel);
      },
      signal: patience.signal,
      ...(create && { create }),
    });
    return { ending: await call(room, media, link) };
  } catch (error) {
    return patience.signal.aborted ? {} : { failure: joinFailure(error, choice.token) };
  } finally {
    media.stop();
  }
}

function firstDraft({ room, name, token, options }: Address): Draft {
  return { room, name: name ?? localStorage.getItem(NAME_KEY) ?? '', token, create: options, sources: BOTH };
}

function isWhole(draft: Draft): draft is Choice {
  return Boolean(draft.room && draft.name);
}

function server({ signalling: url, domain }: Config, token: string | undefined): Hyperroom {
  return new Hyperroom({ url, domain, ...(token !== undefined && { token }) });
}

async function configuration(): Promise<Config> {
  const response = await fetch('./config.json');
  if (!response.ok) throw new Error(`config.json: ${response.status}`);
  return response.json();
}

main().catch((error: unknown) => {
  const text = `Hyperroom could not start: ${error instanceof Error ? error.message : error}`;
  show(h('main', { class: 'lobby' }, brand(), h('div', { class: 'farewell' }, notice(text))), 'Error');
});
