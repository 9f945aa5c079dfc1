/** `npm run chromium`: sees to it that there is a Chromium for the browser tests. */
import { provideChromium } from './provide.ts';

provideChromium((step) => process.stderr.write(`  ${step}\n`)).catch((error: unknown) => {
  process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
