import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { buildPackage, pack } from '@hyperroom/client/build';

const run = promisify(execFile);

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
/** What an application has besides: of this workspace, so that nothing is downloaded. */
const OTHERS = ['react', 'react-dom', 'vite', '@types/react', '@types/react-dom', '@types/node'];

/** Somebody's application: nothing but the examples, and the package as npm installs it. */
export class ScratchProject {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<ScratchProject> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'hyperroom-scratch-')));
    const project = new ScratchProject(folder);
    try {
      await cp(join(ROOT, 'examples'), folder, { recursive: true });
      await project.#install();
      return project;
    } catch (error) {
      await project.remove();
      throw error;
    }
  }

  async #install(): Promise<void> {
    const { tarball } = await pack(await buildPackage(join(this.folder, 'packed')), this.folder);
    await this.write('package.json', { private: true, type: 'module' });
    await run('npm', ['install', tarball, '--offline', '--ignore-scripts'], { cwd: this.folder });
    for (const name of OTHERS) {
      const path = join(this.folder, 'node_modules', name);
      await mkdir(dirname(path), { recursive: true });
      await symlink(join(ROOT, 'node_modules', name), path, 'junction');
    }
  }

  async write(name: string, content: string | object): Promise<void> {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(join(this.folder, name), text);
  }

  /** What of the installed package can be imported as a module: `.`, `./react`. */
  async modules(): Promise<readonly string[]> {
    const path = join(this.folder, 'node_modules/@hyperroom/client/package.json');
    const { exports } = JSON.parse(await readFile(path, 'utf8'));
    return Object.keys(exports).filter((subpath) => !/\.(css|json)$/.test(subpath));
  }

  /** Runs a script in Node; gives what it writes. */
  async run(script: string): Promise<string> {
    const { stdout } = await run(process.execPath, [script], { cwd: this.folder });
    return stdout;
  }

  /** What the compiler has to say of what a tsconfig names: nothing, if all is well. */
  async typeErrors(tsconfig: object): Promise<string> {
    await this.write('tsconfig.scratch.json', tsconfig);
    return run(process.execPath, [TSC, '-p', 'tsconfig.scratch.json'], { cwd: this.folder }).then(
      ({ stdout }) => stdout,
      ({ stdout }) => stdout,
    );
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
