/** Tells that the network is another one than before, as far as the browser says so, until the returned function is called. */
export function watchNetwork(onChange: () => void): () => void {
  const network = connectionOf(globalThis.navigator);
  let type = network?.type;
  // It tells of each estimate of its speed, too.
  const look = () => {
    if (network?.type === type) return;
    type = network?.type;
    onChange();
  };
  globalThis.addEventListener?.('online', onChange);
  network?.addEventListener('change', look);
  return () => {
    globalThis.removeEventListener?.('online', onChange);
    network?.removeEventListener('change', look);
  };
}

/** What tells of it in Chromium; Firefox and Safari have no such thing. */
function connectionOf(navigator: Navigator | undefined): (EventTarget & { readonly type?: unknown }) | undefined {
  const known = navigator && 'connection' in navigator ? navigator.connection : undefined;
  return known instanceof EventTarget ? known : undefined;
}
