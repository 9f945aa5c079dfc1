import { element } from './dom.js';

/** What was said at one arrow, and what that is. */

const NAMES = {
  browser: 'browser',
  others: 'other browsers',
  gateway: 'API Gateway',
  function: 'a function',
  table: 'DynamoDB',
  agent: 'media agent',
  kurento: 'Kurento',
};

const ABOUT = {
  frame:
    'A WebSocket frame, as it came. An array is several messages, handled in order in one invocation: registration and join travel together.',
  invocation:
    'API Gateway invokes a function with the frame as its event. Its bar is how long it ran; a cold start is in it.',
  table:
    'One request to DynamoDB. A condition that fails changes nothing, and says so: that is how rivals are told apart without a lock.',
  post: 'A post to @connections: whoever holds the credentials may send to a connection by its id. 410 means that it is gone.',
  call: 'JSON-RPC to Kurento. Calls that were under way at the same time are one arrow: they cost one round trip.',
  event: 'Kurento tells this by itself, since the agent has subscribed to it.',
};

const panel = document.querySelector('#frame');
const [title, about, facts, content, close] = ['title', 'about', 'facts', 'content', 'close'].map((id) =>
  document.querySelector(`#frame-${id}`),
);
let opener;
// Whoever has no mouse scrolls with the keys.
content.parentElement.tabIndex = 0;
title.tabIndex = -1;

export function showFrame(hop, { began }, arrow) {
  opener?.classList.remove('chosen');
  opener = arrow;
  arrow.classList.add('chosen');
  title.textContent = hop.label;
  about.textContent = ABOUT[hop.kind];
  const when = new Date(new Date(began).getTime() + hop.at);
  const rows = [
    ['from', NAMES[hop.from]],
    ['to', NAMES[hop.to]],
    ['at', `${hop.at.toFixed(1)} ms (${when.toISOString().slice(11, 23)} UTC)`],
    ['took', hop.ms === undefined ? undefined : `${hop.ms.toFixed(2)} ms`],
    ['outcome', hop.outcome],
  ].filter(([, value]) => value !== undefined);
  facts.replaceChildren(
    ...rows.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
  );
  content.textContent = readable(hop.content);
  panel.hidden = false;
  title.focus({ preventScroll: true });
}

/** Lines of session descriptions as lines. */
function readable(value) {
  return JSON.stringify(value, null, 2).replace(
    /^( *)(.*\\r\\n.*)$/gm,
    (_, indent, line) => `${indent}${line.replaceAll('\\r\\n', `\n${indent}    `)}`,
  );
}

function hide() {
  panel.hidden = true;
  opener?.classList.remove('chosen');
  if (opener?.isConnected) opener.focus({ preventScroll: true });
}

close.addEventListener('click', hide);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !panel.hidden) hide();
});
