import { join } from 'node:path';
import { writeDocs } from '../docs.ts';
import { CLIENT } from '../entries.ts';

const folder = join(CLIENT, 'dist/docs');
const amiss = await writeDocs(folder);
for (const text of amiss) process.stderr.write(`${text}\n`);
if (amiss.length > 0) process.exitCode = 1;
process.stdout.write(`${join(folder, 'index.html')}\n`);
