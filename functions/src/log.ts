/**
 * Past the console, which Lambda's runtime would have put a prefix before the line, or wrap it: CloudWatch finds metrics only in
 * lines that are theirs alone.
 */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One line of JSON, as CloudWatch Logs Insights reads it. */
export function log(level: 'info' | 'error', fields: Readonly<Record<string, unknown>>): void {
  const line = JSON.stringify({ level, ...fields });
  if (level === 'error') console.error(line);
  else console.log(line);
}

export function logError(error: unknown): void {
  log('error', { error: error instanceof Error ? error.stack : String(error) });
}
