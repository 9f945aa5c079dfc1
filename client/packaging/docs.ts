import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Application,
  Comment,
  Converter,
  Logger,
  LogLevel,
  type ProjectReflection,
  type TypeDocOptions,
} from 'typedoc';
import manifest from '../package.json' with { type: 'json' };
import { CLIENT, MODULES, ROOT } from './entries.ts';

/** In the order in which somebody new reads them. */
const EXAMPLES = [
  { file: 'minimal-call/main.ts', shows: 'Everybody sees and hears everybody.' },
  { file: 'react-call/main.tsx', shows: 'The same, with React.' },
  { file: 'screen-share/main.ts', shows: 'Whoever comes sees the shared screen.' },
  { file: 'chat/main.ts', shows: 'Messages in a room; no camera, no microphone.' },
  { file: 'moderation/main.ts', shows: 'A back end hears of who comes, mutes them and writes to them.' },
  { file: 'observe-room/main.ts', shows: 'Who is in a room, without being in it: in Node.' },
  { file: 'shared-list/main.ts', shows: 'A data object that one reports, and others observe and add to: in Node.' },
];

const ABOUT: Readonly<Record<string, string>> = {
  '.': 'Rooms: join one, see and hear who is in it, write, moderate. Begin with {@link Hyperroom}.',
  './syncher': 'Data objects between hyperties, rooms included, without media. Begin with {@link Syncher}.',
  './devices': 'Camera, microphone and screen as states with events. Begin with {@link LocalMedia}.',
  './react': 'Hooks and components. Begin with {@link useJoin} and {@link Call}.',
  './testing':
    'A room without network, browser or server, for the tests of an application. Begin with {@link FakeServer}.',
  './server': 'For back ends: tokens, the HTTP API and webhooks. Begin with {@link HyperroomServer}.',
};

const OPTIONS: TypeDocOptions = {
  name: 'Hyperroom SDK',
  entryPoints: MODULES.map(({ source }) => join(CLIENT, source)),
  tsconfig: join(CLIENT, 'tsconfig.json'),
  // `npm run types` does that.
  skipErrorChecking: true,
  readme: join(CLIENT, 'README.md'),
  customCss: join(CLIENT, 'packaging/docs.css'),
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  disableSources: true,
  hideGenerator: true,
  sort: ['kind', 'alphabetical'],
  kindSortOrder: ['Document', 'Module', 'Class', 'Function', 'Interface', 'TypeAlias', 'Variable'],
  navigation: { includeFolders: false },
  headings: { readme: false },
  sortEntryPoints: false,
  // Parts of types, which are written out where they are used.
  intentionallyNotExported: ['Absent', 'Listening'],
  validation: { invalidLink: true, notExported: true, notDocumented: true },
  // Properties are, where name and type do not say it all.
  requiredToBeDocumented: ['Variable', 'Function', 'Class', 'Interface', 'Method', 'Accessor', 'TypeAlias'],
};

/** The reference of all entries, with the npm page and the examples, as a site in `folder`. Returns what is amiss, in words. */
export async function writeDocs(folder: string): Promise<readonly string[]> {
  const pages = await mkdtemp(join(tmpdir(), 'hyperroom-docs-'));
  try {
    const examples = join(pages, 'examples.md');
    await writeFile(examples, await examplesPage());
    const app = await Application.bootstrap({ ...OPTIONS, projectDocuments: [examples] });
    const amiss: string[] = [];
    app.logger = new Listener((message) => amiss.push(message));
    app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => nameModules(project));
    const project = await app.convert();
    if (!project) throw new Error(amiss.join('\n'));
    app.validate(project);
    await app.generateDocs(project, folder);
    return amiss;
  } finally {
    await rm(pages, { recursive: true });
  }
}

/** Hears of what is amiss. */
class Listener extends Logger {
  readonly #hear: (message: string) => void;

  constructor(hear: (message: string) => void) {
    super();
    this.#hear = hear;
  }

  override log(message: string, level: LogLevel): void {
    super.log(message, level);
    if (level >= LogLevel.Warn) this.#hear(message);
  }
}

/** As one imports them: TypeDoc calls them by their files. */
function nameModules(project: ProjectReflection): void {
  for (const module of project.children ?? []) {
    const files = [`./src/${module.name}.ts`, `./src/${module.name}/index.ts`];
    const entry = MODULES.find(({ source }) => files.includes(source));
    if (!entry) throw new Error(`${module.name} is no entry`);
    module.name = `${manifest.name}${entry.subpath.slice(1)}`;
    module.comment = new Comment(Comment.cloneDisplayParts([{ kind: 'text', text: ABOUT[entry.subpath] ?? '' }]));
  }
}

async function examplesPage(): Promise<string> {
  const parts = EXAMPLES.map(async ({ file, shows }) => {
    const code = await readFile(join(ROOT, 'examples', file), 'utf8');
    const [name, language] = [file.split('/')[0], file.split('.')[1]];
    return `## ${name}\n\n${shows}\n\n\`\`\`${language}\n${code}\`\`\`\n`;
  });
  return `---\ntitle: Examples\n---\n\n${(await Promise.all(parts)).join('\n')}`;
}
