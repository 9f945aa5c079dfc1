import { execFile } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { userDataOf } from '@hyperroom/infra';
import { expect, onTestFinished, test } from 'vitest';
import { provideProgram } from '../../debian/provide-program.ts';

const FOLDER = join(import.meta.dirname, '../../../../media-agent/host');

test('ShellCheck has nothing against the scripts of a media host', async () => {
  const { path, environment } = await provideProgram({ program: 'shellcheck', from: 'shellcheck' }, console.info);
  const scripts = (await readdir(FOLDER)).filter((name) => name.endsWith('.sh'));
  expect(scripts).toEqual(expect.arrayContaining(['start.sh', 'watch.sh']));
  const userData = join(tmpdir(), `hyperroom-user-data-${process.pid}.sh`);
  onTestFinished(() => rm(userData));
  await writeFile(userData, userDataOf({ bucket: 'assets', key: 'host.zip', settings: { DOMAIN: 'localhost' } }));
  const env = { ...process.env, ...environment };
  const found = promisify(execFile)(path, ['--external-sources', '--source-path=SCRIPTDIR', ...scripts, userData], {
    cwd: FOLDER,
    env,
  });
  await expect(found).resolves.toMatchObject({ stdout: '' });
});
