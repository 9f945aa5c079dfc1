/**
 * Reads something at once, and again `interval` milliseconds after each time, until the returned function is called: from
 * then on nothing is taken any more. `read` does not reject; what `take` throws is reported as uncaught, and ends nothing.
 */
export function repeat<T>(interval: number, read: () => Promise<T>, take: (value: T) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const once = async () => {
    const value = await read();
    if (stopped) return;
    timer = setTimeout(once, interval);
    take(value);
  };
  once();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
