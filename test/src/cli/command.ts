/** Runs a command; one that could not do what it was asked ends with exit code 2 if it was asked wrongly, else 1. */
export function run(command: () => Promise<void>): void {
  // Our versions of the SDK are locked: that later ones will want a later Node is no news for whoever looks at a call.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  command().catch((error: unknown) => {
    process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(isUsage(error) ? 2 : 1);
  });
}

/** What a command says while it works, on stderr: its steps, and, if that is wanted, all that is logged. */
export function tellingOnStderr(verbose: boolean) {
  return {
    onProgress: (step: string) => void process.stderr.write(`  ${step}\n`),
    log: (line: string) => {
      if (verbose) process.stderr.write(`${line}\n`);
    },
  };
}

/** A whole number of a command line; anything else is a `RangeError` that says what is expected. */
export function wholeNumber(option: string, text: string, { from, to }: { from: number; to: number }): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= from && number <= to) return number;
  throw new RangeError(`${option} takes a whole number from ${from} to ${to}, not '${text}'`);
}

/** Ours, or one of `parseArgs`. */
function isUsage(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof TypeError && 'code' in error);
}
