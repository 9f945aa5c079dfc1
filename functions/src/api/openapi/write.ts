import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import packageJson from '../../../package.json' with { type: 'json' };
import { openApiDocument } from './document.ts';

/* Writes docs/openapi.json. */

const root = fileURLToPath(new URL('../../../..', import.meta.url));
writeFileSync(`${root}docs/openapi.json`, `${JSON.stringify(openApiDocument(packageJson.version), undefined, 2)}\n`);
execFileSync('npx', ['biome', 'format', '--write', 'docs/openapi.json'], { cwd: root, stdio: 'inherit' });
