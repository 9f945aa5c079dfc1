import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { CLIENT } from './entries.ts';

/** The licences of others whose code is in the bundles, as they ask for. */
export async function noticesOf({ inputs }: Metafile): Promise<string> {
  const folders = Object.keys(inputs).map((input) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  const packages = [...new Set(folders.filter((folder) => folder !== undefined))].sort();
  const notices = await Promise.all(packages.map((folder) => noticeOf(join(CLIENT, folder))));
  return `The modules of this package contain code of others:\n\n${notices.join('\n')}`;
}

async function noticeOf(folder: string): Promise<string> {
  const { name, version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const licence = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
  if (!licence) throw new Error(`${folder} has no licence file`);
  return `${name} ${version}\n\n${await readFile(join(folder, licence), 'utf8')}`;
}
