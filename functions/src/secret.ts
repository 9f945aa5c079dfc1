import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { setting } from './environment.ts';
import { logError } from './log.ts';

/** A secret that an operator may replace. What its value before the present one has signed stays good. */
export interface Secret {
  /** What is signed with. Another value takes some minutes to get here. */
  value(): Promise<string>;
  /** What it is and was, read anew: for whoever has met a signature of another value. Never fails: there may be none. */
  versions(): Promise<readonly string[]>;
}

/** Milliseconds after which a value is read again. */
const OLD = 5 * 60_000;
/** Milliseconds between readings for the sake of strange signatures: anybody can send these. */
const PAUSE = 10_000;

/** `read` gives the present value, or the one before, if there is any. */
export function replaceable(
  read: (stage: 'AWSCURRENT' | 'AWSPREVIOUS') => Promise<string | undefined>,
  clock: () => number = Date.now,
): Secret {
  let current: { readonly value: Promise<string>; readonly readAt: number } | undefined;
  let all: { readonly values: Promise<readonly string[]>; readonly readAt: number } | undefined;

  async function readValue(): Promise<string> {
    const found = await read('AWSCURRENT');
    if (!found) throw new Error('a secret of the stack is empty');
    return found;
  }

  /** Where it cannot be had, what was had before is as good as it was. */
  function readCurrent(): Promise<string> {
    const before = current;
    const value = readValue().catch((error: unknown) => {
      current = before && { ...before, readAt: clock() };
      if (!before) throw error;
      logError(error);
      return before.value;
    });
    current = { value, readAt: clock() };
    return value;
  }

  async function readAll(): Promise<readonly string[]> {
    try {
      const [now, before] = await Promise.all([readCurrent(), read('AWSPREVIOUS')]);
      return before === undefined ? [now] : [now, before];
    } catch (error) {
      logError(error);
      return [];
    }
  }

  return {
    value: () => (current && clock() - current.readAt < OLD ? current.value : readCurrent()),
    versions() {
      if (!all || clock() - all.readAt >= PAUSE) all = { values: readAll(), readAt: clock() };
      return all.values;
    },
  };
}

/** The secret whose ARN a setting has. */
export function secretReader(arnSetting: string): Secret {
  const client = new SecretsManagerClient({});
  return replaceable(async (VersionStage) => {
    try {
      const { SecretString } = await client.send(
        new GetSecretValueCommand({ SecretId: setting(arnSetting), VersionStage }),
      );
      return SecretString;
    } catch (error) {
      // It has not been replaced yet.
      if (VersionStage === 'AWSPREVIOUS' && error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  });
}
