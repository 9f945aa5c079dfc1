/** One line of JSON an entry. Levels: `error` needs somebody to act, `warn` heals by itself, `info` is a change of state. */
export interface Log {
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

export function jsonLog(write: (line: string) => void): Log {
  const entry =
    (level: string) =>
    (message: string, fields: object = {}) =>
      write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
  return { info: entry('info'), warn: entry('warn'), error: entry('error') };
}

export const SILENT: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** What to log of something thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
