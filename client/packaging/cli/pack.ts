import { join } from 'node:path';
import { CLIENT } from '../entries.ts';
import { buildPackage, pack } from '../pack.ts';

const dist = join(CLIENT, 'dist');
const { tarball, files, size } = await pack(await buildPackage(join(dist, 'package')), dist);
for (const file of files) process.stdout.write(`${kib(file.size).padStart(8)} KiB  ${file.path}\n`);
process.stdout.write(`\n${kib(size).padStart(8)} KiB  ${tarball}\n`);

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}
