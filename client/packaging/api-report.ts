import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
  ExtractorMessageCategory,
} from '@microsoft/api-extractor';
import { declarationOf } from './declarations.ts';
import { type Entry, MODULES } from './entries.ts';
import type { Built } from './pack.ts';

/** What an application of today has. */
const TSCONFIG = {
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    strict: true,
    skipLibCheck: true,
    lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
    types: [],
  },
};

const warning = { logLevel: ExtractorLogLevel.Warning };
const unsaid = { logLevel: ExtractorLogLevel.None };
const MESSAGES = {
  compilerMessageReporting: { default: warning },
  // Docstrings are written for editors and for TypeDoc.
  tsdocMessageReporting: { default: unsaid },
  extractorMessageReporting: {
    default: warning,
    // All that is exported is public.
    'ae-missing-release-tag': unsaid,
    // `npm run docs` says so, of all entries at once.
    'ae-forgotten-export': unsaid,
    'ae-undocumented': unsaid,
  },
};

/**
 * Writes down what each entry of a built package exports, for people to review: `<entry>.api.md` in `folder`.
 * Returns what is amiss, in words.
 */
export async function writeApiReports(built: Built, folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const amiss: string[] = [];
  for (const entry of MODULES) report(built, entry, folder, ({ text }) => amiss.push(`${entry.subpath}: ${text}`));
  return amiss;
}

function report(
  { folder: projectFolder }: Built,
  entry: Entry,
  folder: string,
  onAmiss: (message: ExtractorMessage) => void,
) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder,
      mainEntryPointFilePath: join(projectFolder, 'types', declarationOf(entry.source)),
      compiler: { overrideTsconfig: TSCONFIG },
      apiReport: {
        enabled: true,
        reportFileName: `${entry.name}.api.md`,
        reportFolder: folder,
        reportTempFolder: join(projectFolder, '..', 'reports'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: MESSAGES,
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(projectFolder, 'package.json'),
  });
  const messageCallback = (message: ExtractorMessage) => {
    message.handled = true;
    const isOfProgress = message.category === ExtractorMessageCategory.Console;
    if (!isOfProgress && message.logLevel !== ExtractorLogLevel.None) onAmiss(message);
  };
  Extractor.invoke(config, { localBuild: true, messageCallback });
}
