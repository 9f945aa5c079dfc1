import { join } from 'node:path';
import { writeApiReports } from '../api-report.ts';
import { CLIENT } from '../entries.ts';
import { buildPackage } from '../pack.ts';

const built = await buildPackage(join(CLIENT, 'dist/package'));
const amiss = await writeApiReports(built, join(CLIENT, 'etc'));
for (const text of amiss) process.stderr.write(`${text}\n`);
if (amiss.length > 0) process.exitCode = 1;
