import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Program, provideProgram } from '../debian/provide-program.ts';

/** The system's Firefox, or Debian's. */
export async function provideFirefox(onProgress: (step: string) => void): Promise<Program> {
  const { path, environment } = await provideProgram({ program: 'firefox-esr', from: 'firefox-esr' }, onProgress);
  const folders = (process.env.PATH ?? '').split(delimiter);
  // Whoever starts it does not search the path for it.
  return { path: folders.map((folder) => join(folder, path)).find(existsSync) ?? path, environment };
}
