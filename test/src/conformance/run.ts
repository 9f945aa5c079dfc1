import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { TARGET_VARIABLE, type Target } from './target.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Runs the suite, against a deployment or an emulator of its own. Whether it passed. */
export async function runConformance(target: Target | undefined): Promise<boolean> {
  const vitest = spawn(
    process.execPath,
    [join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--project', 'conformance'],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, ...(target && { [TARGET_VARIABLE]: JSON.stringify(target) }) },
    },
  );
  const [code] = await once(vitest, 'exit');
  return code === 0;
}
