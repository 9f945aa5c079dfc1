import type { Browser } from 'playwright-core';

interface ProcessInfo {
  readonly type: string;
  readonly id: number;
}

/**
 * Stops a browser's pages without ending them: nothing is answered any more, while all sockets stay open. To everybody else that
 * is a network that has silently died. Gives what has them go on.
 */
export async function stopPages(browser: Browser): Promise<() => void> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as { processInfo: ProcessInfo[] };
  const pages = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  if (pages.length === 0) throw new Error('the browser shows no page');
  for (const pid of pages) process.kill(pid, 'SIGSTOP');
  return () => {
    for (const pid of pages) process.kill(pid, 'SIGCONT');
  };
}
