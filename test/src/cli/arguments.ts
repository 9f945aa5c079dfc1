/** A whole number of a command line; anything else is a `RangeError` that says what is expected. */
export function wholeNumber(option: string, text: string, { from, to }: { from: number; to: number }): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= from && number <= to) return number;
  throw new RangeError(`${option} takes a whole number from ${from} to ${to}, not '${text}'`);
}

/** Ends a command that could not do what it was asked: 2 if it was asked wrongly, else 1. */
export function fail(error: unknown): never {
  process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(isUsage(error) ? 2 : 1);
}

function isUsage(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof TypeError && 'code' in error);
}
