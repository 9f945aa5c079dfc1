import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { CLIENT, MODULES, ROOT } from './entries.ts';

const run = promisify(execFile);
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
/** What a declaration file, as the compiler writes it, imports. */
const SPECIFIER = /(\bfrom |\bimport\()(["'])([^"']+)\2/g;

/** Where the types of an entry are, in the folder of declarations. */
export function declarationOf(source: string): string {
  return source.replace('./src/', '').replace(/\.tsx?$/, '.d.ts');
}

/**
 * Writes the declarations that the entries need, file by file as the sources are: what two entries export is then one type, not two alike.
 * Returns the packages that they import.
 */
export async function declareTypes(outdir: string): Promise<readonly string[]> {
  await compile(outdir);
  const reached = new Map<string, readonly string[]>();
  const waiting = MODULES.map(({ source }) => declarationOf(source));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    const imports = await relink(join(outdir, file));
    reached.set(
      file,
      imports.filter((specifier) => !specifier.startsWith('.')),
    );
    const folder = dirname(file);
    const neighbours = imports.filter((specifier) => specifier.startsWith('.'));
    waiting.push(...neighbours.map((specifier) => join(folder, specifier.replace(/\.js$/, '.d.ts'))));
  }
  await keepOnly(outdir, new Set(reached.keys()));
  return [...new Set([...reached.values()].flat())].sort();
}

async function compile(outDir: string): Promise<void> {
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    stripInternal: true,
    rootDir: join(CLIENT, 'src'),
    outDir,
  };
  const files = MODULES.map(({ source }) => join(CLIENT, source));
  // It goes with all the rest that no entry leads to.
  const project = join(outDir, 'tsconfig.json');
  await mkdir(outDir, { recursive: true });
  const config = { extends: join(CLIENT, 'tsconfig.json'), compilerOptions, files, include: [] };
  await writeFile(project, JSON.stringify(config));
  try {
    await run(process.execPath, [TSC, '-p', project]);
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new Error(`the SDK's types do not compile:\n${said}`, { cause: error });
  }
}

/** Has a file import its neighbours by the names that they have in the package; returns what it imports. */
async function relink(path: string): Promise<string[]> {
  const imports: string[] = [];
  const text = (await readFile(path, 'utf8')).replace(SPECIFIER, (_, keyword, quote, specifier: string) => {
    const published = specifier.startsWith('.') ? specifier.replace(/\.tsx?$/, '.js') : specifier;
    imports.push(published);
    return `${keyword}${quote}${published}${quote}`;
  });
  await writeFile(path, text);
  return imports;
}

async function keepOnly(folder: string, files: ReadonlySet<string>): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  await Promise.all(paths.filter((path) => !files.has(path.slice(folder.length + 1))).map((path) => rm(path)));
}
