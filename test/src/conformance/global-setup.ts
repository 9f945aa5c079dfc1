import { synthSignalling } from '@hyperroom/infra';
import { DEVELOPMENT_SECRET, signToken } from '@hyperroom/local';
import { startAwsEmulator } from '@hyperroom/local/aws';
import type { TestProject } from 'vitest/node';
import { TARGET_VARIABLE, type Target } from './target.ts';

const DOMAIN = 'localhost';

/** Without a deployment to test, one is emulated, which lets the messages of a connection overtake each other. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env[TARGET_VARIABLE];
  if (given !== undefined) {
    project.provide('target', JSON.parse(given) as Target);
    return undefined;
  }
  const { template, assets } = await synthSignalling({ domain: DOMAIN, allowAnonymous: true });
  const emulator = await startAwsEmulator({
    template,
    assets,
    secretValue: DEVELOPMENT_SECRET,
    delivery: { mode: 'reorder', seed: 5 },
    warmSandboxes: 2,
    log: (name, line) => {
      if (line.includes('"level":"error"')) console.error(name, line);
    },
  });
  const claims = { sub: `user://${DOMAIN}/media-conformance`, role: 'media-node' } as const;
  const mediaToken = await signToken(claims, emulator.secretValue, 3600);
  project.provide('target', { url: emulator.signallingUrl, domain: DOMAIN, tokens: [], mediaToken });
  return () => emulator.close();
}
