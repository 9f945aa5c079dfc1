import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { repositoryRoot } from './layout.ts';
import { defaultSettings, SettingsError, schema, settingsOf } from './settings.ts';

const entries = Object.entries(schema.entries);

describe('settings', () => {
  test('are those of a careful deployment, where nothing is said', () => {
    expect(defaultSettings).toMatchObject({
      allowAnonymous: false,
      allowedOrigins: ['*'],
      accessLogs: true,
      oidc: undefined,
      removalPolicy: 'retain',
      region: undefined,
      tracing: false,
      mediaMinNodes: 1,
    });
  });

  test('come as text from the command line, and as JSON from cdk.json', () => {
    const expected = {
      allowAnonymous: true,
      allowedOrigins: ['https://app.example.org', 'http://localhost:8080'],
      logRetentionDays: 7,
      mediaMinNodes: 0,
      mediaCapacity: 100,
      mediaInstanceType: 'c7i-flex.large',
      oidc: { issuer: 'https://id.example', audience: 'rooms' },
    };
    const oidc = { oidcIssuer: 'https://id.example', oidcAudience: 'rooms' };
    const given = { ...oidc, mediaInstanceType: 'c7i-flex.large' };
    const text = { allowAnonymous: 'true', logRetentionDays: '7', mediaMinNodes: '0', mediaCapacity: '100' };
    const json = { allowAnonymous: true, logRetentionDays: 7, mediaMinNodes: 0, mediaCapacity: 100 };
    const allowedOrigins = 'https://app.example.org, http://localhost:8080';
    expect(settingsOf({ ...given, ...text, allowedOrigins })).toMatchObject(expected);
    expect(settingsOf({ ...given, ...json, allowedOrigins: expected.allowedOrigins })).toMatchObject(expected);
  });

  test('are those of an emulator where the environment leads to one, unless they say otherwise', () => {
    const environment = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };
    expect(settingsOf({}, {}).emulated).toBe(false);
    expect(settingsOf({ emulated: '' }, environment).emulated).toBe(true);
    expect(settingsOf({ emulated: 'false' }, environment).emulated).toBe(false);
    expect(settingsOf({ emulated: true }, {}).emulated).toBe(true);
  });

  test('of CDK itself are left to it', () => {
    const context = {
      '@aws-cdk/core:checkSecretUsage': true,
      'aws:cdk:enable-path-metadata': true,
      'cli-telemetry': 1,
    };
    expect(settingsOf(context)).toEqual(defaultSettings);
  });

  test.each([
    [{ emulated: 'yes' }, 'context emulated=yes: expected true or false'],
    [{ allowAnonymous: 'yes' }, 'context allowAnonymous=yes: expected true or false'],
    [{ webhookUrl: 'back-end' }, 'context webhookUrl=back-end: expected a URL'],
    [{ oidcIssuer: 'https://id.example' }, 'context oidcIssuer and oidcAudience go together'],
    [{ oidcAudience: 'rooms' }, 'context oidcIssuer and oidcAudience go together'],
    [{ domain: 'Two Words' }, 'context domain=Two Words: expected a domain name in small letters'],
    [{ region: 'europe' }, 'context region=europe: expected a region such as eu-central-1'],
    [{ mediaMinNodes: '-1' }, 'context mediaMinNodes=-1: expected a whole number from 0 to 1000'],
    [{ mediaMinNodes: 1.5 }, 'context mediaMinNodes=1.5: expected a whole number from 0 to 1000'],
    [{ mediaCapacity: 'many' }, 'context mediaCapacity=many: expected a whole number from 1 to 100000'],
    [{ mediaMinNodes: 5 }, 'context mediaMinNodes=5: expected at the most mediaMaxNodes, 4'],
    [{ logRetentionDays: 2 }, /^context logRetentionDays=2: expected one of 1, 3, 5/],
    [{ removalPolicy: 'keep' }, 'context removalPolicy=keep: expected retain or destroy'],
    [
      { allowedOrigins: 'https://a.example/page' },
      /^context allowedOrigins=https:\/\/a.example\/page: expected origins/,
    ],
    [{ allowedOrigins: '*,https://a.example' }, /expected origins/],
    [{ allowedOrigins: '' }, /^context allowedOrigins=: expected origins/],
    [{ mediaInstanceType: 'c7g.large' }, /^context mediaInstanceType=c7g.large: expected an x86-64 instance type/],
    [{ alarmEmail: 'me' }, 'context alarmEmail=me: expected an e-mail address'],
    [{ recordingsBucket: 'My_Bucket' }, 'context recordingsBucket=My_Bucket: expected the name of a bucket'],
    [{ mediaMinNode: '2' }, 'context mediaMinNode: there is no such setting'],
    [{ tracing: 1, web: 'no' }, 'context tracing=1: expected true or false\ncontext web=no: expected true or false'],
  ])('such as %j are refused, by name', (context, message) => {
    expect(() => settingsOf(context)).toThrow(SettingsError);
    expect(() => settingsOf(context)).toThrow(message);
  });
});

describe('every setting', () => {
  const byDefault = Object.fromEntries(entries.map(([key, entry]) => [key, v.getDefault(entry)]));

  test('is in cdk.json, with its default', async () => {
    const { context } = JSON.parse(await readFile(join(repositoryRoot, 'cdk.json'), 'utf8'));
    expect(context).toEqual(byDefault);
  });

  test('is in docs/settings.md, as the schema has it', async () => {
    const page = await readFile(join(repositoryRoot, 'docs', 'settings.md'), 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows).toEqual(
      entries.map(([key, entry]) => `| \`${key}\` | ${printed(byDefault[key])} | ${v.getDescription(entry)} |`),
    );
  });
});

function printed(value: unknown): string {
  return value === '' ? '' : `\`${String(value)}\``;
}
