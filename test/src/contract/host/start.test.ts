import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type HostSettings, synthSignalling } from '@hyperroom/infra';
import { type AwsEmulator, startAwsEmulator } from '@hyperroom/local/aws';
import { type KurentoEngine, startKurentoEngine } from '@hyperroom/local/kurento';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../free-port.ts';
import { INSTANCE } from './instance.ts';
import { MediaHost } from './media-host.ts';
import { readUnit } from './unit.ts';

const TURN_SECRET = { arn: 'arn:of:turn', value: 'what coturn and the agent share' };

let emulator: AwsEmulator;
let engine: KurentoEngine;
let settings: HostSettings;

beforeAll(async () => {
  const { template, assets } = await synthSignalling({ domain: 'localhost', allowAnonymous: true });
  [emulator, engine] = await Promise.all([startAwsEmulator({ template, assets }), startKurentoEngine()]);
  settings = {
    AWS_REGION: emulator.region,
    DOMAIN: 'localhost',
    SIGNALLING_URL: emulator.signallingUrl,
    MANAGEMENT_ENDPOINT: emulator.managementUrl,
    NODE_SECRET_ARN: emulator.outputs.NodeSecretArn ?? '',
    TURN_SECRET_ARN: TURN_SECRET.arn,
    CAPACITY: '',
    KURENTO_PORT: new URL(engine.url).port,
    HEALTH_PORT: String(await freePort()),
    MEDIA_MIN_PORT: '40000',
    MEDIA_MAX_PORT: '49151',
    DRAIN_SECONDS: '0',
    DRAIN_LIMIT_SECONDS: '60',
    START_HOOK: 'start',
    DRAIN_HOOK: 'drain',
    LOG_GROUP: 'hosts',
    STACK: 'HyperroomMedia',
    STACK_RESOURCE: 'Hosts',
  };
});
afterAll(async () => {
  await Promise.all([emulator.close(), engine.close()]);
});

describe('a host', () => {
  let host: MediaHost;
  beforeAll(async () => {
    const secrets = { [TURN_SECRET.arn]: TURN_SECRET.value };
    host = await MediaHost.create({ emulator, settings, secrets, failures: 1 });
  });
  afterAll(() => host[Symbol.asyncDispose]());

  const commandsLike = (start: string) => host.commands.filter((command) => command.startsWith(start));

  test('becomes a media node at its first boot, from the packaged asset, with the rights of its instance', async () => {
    expect(await host.boot()).toBeUndefined();
    const health = await fetch(`http://127.0.0.1:${settings.HEALTH_PORT}/healthz`);
    expect(await health.json()).toMatchObject({ signalling: true, kurento: true });
    expect(host.output.join('\n')).toContain(`"registered","node":"${INSTANCE.id}"`);
  });

  test('has tried again what failed at first', () => {
    const packages = 'dnf install --assumeyes --quiet docker iptables-nft nodejs24 amazon-cloudwatch-agent';
    expect(commandsLike('dnf')).toEqual([`${packages}: failed`, packages]);
  });

  test('comes into service last of all, when it is registered', () => {
    const [started, ...after] = host.commands.slice(host.commands.findLastIndex((line) => line.includes('systemctl')));
    expect(started).toContain('hyperroom-kurento.service hyperroom-agent.service');
    const id = `--instance-id ${INSTANCE.id}`;
    expect(after.filter((line) => !line.startsWith('sleep'))).toEqual([
      `aws autoscaling complete-lifecycle-action --auto-scaling-group-name ${INSTANCE.group} --lifecycle-hook-name start ${id} --lifecycle-action-result CONTINUE`,
      `aws cloudformation signal-resource --stack-name HyperroomMedia --logical-resource-id Hosts --unique-id ${INSTANCE.id} --status SUCCESS`,
    ]);
  });

  test('lets nobody but itself speak with Kurento, and announces its public address', async () => {
    expect(commandsLike('iptables').at(-1)).toBe(
      `iptables --wait --insert INPUT ! --in-interface lo --protocol tcp --dport ${settings.KURENTO_PORT} --jump DROP`,
    );
    const environment = await host.read('etc/hyperroom/kurento.env');
    expect(environment).toContain(`KMS_EXTERNAL_IPV4=${INSTANCE.publicIp}\nKMS_MIN_PORT=40000\nKMS_MAX_PORT=49151\n`);
  });

  test('runs the containers that it has fetched, by version', async () => {
    const pulled = commandsLike('docker pull').map((command) => command.split(' ').at(-1));
    expect(pulled).toEqual([
      expect.stringMatching(/^kurento\/kurento-media-server:\d+\.\d+\.\d+$/),
      expect.stringMatching(/^coturn\/coturn:\d+\.\d+\.\d+-r\d+$/),
    ]);
    const place = { root: host.root, specifiers: {} };
    for (const [name, variable] of [
      ['kurento', 'KURENTO_IMAGE'],
      ['coturn', 'COTURN_IMAGE'],
    ] as const) {
      const { command, environment } = await readUnit(`hyperroom-${name}.service`, place);
      expect(command).toContain(`\${${variable}}`);
      expect(pulled).toContain(environment[variable]);
    }
  });

  test('relays for clients of its own participants to itself only', async () => {
    const lines = (await host.read('etc/hyperroom/turnserver.conf')).split('\n');
    expect(lines.filter((line) => /-peer-ip=/.test(line))).toEqual([
      'denied-peer-ip=0.0.0.0-255.255.255.255',
      'allowed-peer-ip=10.0.0.7',
    ]);
    expect(lines).toEqual(
      expect.arrayContaining([
        ...['use-auth-secret', 'no-cli', 'no-tcp-relay', 'no-multicast-peers'],
        `static-auth-secret=${TURN_SECRET.value}`,
        `external-ip=${INSTANCE.publicIp}/10.0.0.7`,
        'min-port=49152',
      ]),
    );
    const { environment } = host.agentUnit;
    expect(environment.TURN_URLS).toContain(`turn:${INSTANCE.publicIp}:3478?transport=udp`);
    expect(await readFile(environment.TURN_SECRET_FILE ?? '', 'utf8')).toBe(TURN_SECRET.value);
  });

  test('sends its logs to the group of the stack', async () => {
    const { logs } = JSON.parse(await host.read('etc/hyperroom/logs.json'));
    const files: { log_group_name: string; log_stream_name: string }[] = logs.logs_collected.files.collect_list;
    expect(files.map(({ log_stream_name }) => log_stream_name)).toEqual(
      ['start', 'agent', 'kurento', 'coturn'].map((name) => `${INSTANCE.id}/${name}`),
    );
    expect(new Set(files.map(({ log_group_name }) => log_group_name))).toEqual(new Set(['hosts']));
    expect(commandsLike('amazon-cloudwatch-agent-ctl')).toHaveLength(1);
  });

  test('keeps what is secret to root', async () => {
    for (const name of ['', '/agent.env', '/turn-secret', '/host.env']) {
      const { mode } = await stat(join(host.root, 'etc/hyperroom', name));
      expect(mode & 0o077).toBe(0);
    }
  });

  test('at a later boot does only what a boot has undone', async () => {
    const before = host.commands.length;
    expect(await host.bootAgain()).toBeUndefined();
    const done = host.commands.slice(before).map((command) => command.split(' ').slice(0, 2).join(' '));
    expect(done).not.toEqual(expect.arrayContaining(['dnf install']));
    expect(done).not.toEqual(expect.arrayContaining(['docker pull']));
    expect(done).not.toEqual(expect.arrayContaining(['aws autoscaling']));
    expect(done).toEqual(expect.arrayContaining(['ip route', 'systemctl start']));
  });

  test('drains when its group ends it, tells the group, and is not started again', async () => {
    host.instance.lifecycleState = 'Terminated';
    expect(host.agentUnit.lastExits).toContain(await host.agentEnded());
    expect(host.instance.scalingRequests.at(-1)).toMatchObject({
      Action: 'CompleteLifecycleAction',
      AutoScalingGroupName: INSTANCE.group,
      LifecycleHookName: 'drain',
      InstanceId: INSTANCE.id,
      LifecycleActionResult: 'CONTINUE',
    });
  });
});

test('a host that cannot start says why, and never comes into service', async () => {
  await using host = await MediaHost.create({ emulator, settings, failures: Number.POSITIVE_INFINITY });
  expect(await host.boot()).toContain('failed: packages');
  expect(host.commands.filter((command) => command.startsWith('aws autoscaling'))).toEqual([]);
  expect(host.commands.filter((command) => command.startsWith('dnf'))).toHaveLength(6);
});
