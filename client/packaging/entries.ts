import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };

export const CLIENT = join(import.meta.dirname, '..');
export const ROOT = join(CLIENT, '..');

/** What an application imports from the package. */
export interface Entry {
  /** As in `exports`: `.`, `./syncher`, `./react/style.css`. */
  readonly subpath: string;
  /** `./src/…`: what the workspace imports, and the package is made of. */
  readonly source: string;
  /** Its name in the package, of a module without an extension: `index`, `syncher`, `react/style.css`. */
  readonly name: string;
}

const all: readonly Entry[] = Object.entries(manifest.exports)
  .filter(([, source]) => source.startsWith('./src/'))
  .map(([subpath, source]) => ({ subpath, source, name: subpath === '.' ? 'index' : subpath.slice('./'.length) }));

const isModule = ({ source }: Entry) => /\.tsx?$/.test(source);

export const MODULES = all.filter(isModule);
/** What is published as it is. */
export const ASSETS = all.filter((entry) => !isModule(entry));
