import manifest from '../package.json' with { type: 'json' };
import { declarationOf } from './declarations.ts';
import { ASSETS, MODULES } from './entries.ts';

/** The package.json that is published: the workspace's exports its sources, and says what it is built with. */
export function publishedManifest(): object {
  const { name, version, description, keywords, license, type, engines, peerDependencies, peerDependenciesMeta } =
    manifest;
  const modules = MODULES.map(({ subpath, name, source }) => [
    subpath,
    { types: `./types/${declarationOf(source)}`, default: `./${name}.js` },
  ]);
  const assets = ASSETS.map(({ subpath, name }) => [subpath, `./${name}`]);
  return {
    name,
    version,
    description,
    keywords,
    license,
    type,
    sideEffects: ['*.css'],
    engines,
    exports: { ...Object.fromEntries([...modules, ...assets]), './package.json': './package.json' },
    peerDependencies,
    peerDependenciesMeta,
  };
}
