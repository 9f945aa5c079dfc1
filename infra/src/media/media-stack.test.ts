import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createApp } from '../cdk-app.ts';
import { expectSound } from '../checks.testing.ts';
import { hostFilesFolder } from '../layout.ts';
import { defaultSettings, type Settings } from '../settings.ts';
import { functionNames } from '../signalling/bundle-functions.ts';
import { SignallingStack } from '../signalling/signalling-stack.ts';
import { MediaStack } from './media-stack.ts';

// CDK takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
/** With all that there can be, and the least there can be: no TURN, and no host while nobody calls. */
let full: MediaStack;
let least: MediaStack;
let template: Template;
let leastTemplate: Template;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hyperroom-media-'));
  for (const file of ['host/start.sh', ...functionNames.map((name) => `functions/${name}/index.js`)]) {
    await mkdir(join(folder, file, '..'), { recursive: true });
    await writeFile(join(folder, file), '');
  }
  // One app: it is synthesised once.
  const app = createApp(join(folder, 'out'));
  const everything = { recordingsBucket: 'recordings-of-ours', mediaMinNodes: 2, mediaZones: 3, mediaCapacity: 210 };
  full = stackOf(app, 'Full', everything);
  least = stackOf(app, 'Least', { turn: false, mediaMinNodes: 0, mediaMaxNodes: 1, drainMinutes: 600 });
  [template, leastTemplate] = [Template.fromStack(full), Template.fromStack(least)];
});
afterAll(() => rm(folder, { recursive: true }));

function stackOf(app: App, name: string, given: Partial<Settings>): MediaStack {
  const settings = { ...defaultSettings, domain: 'example.org', ...given };
  const signalling = new SignallingStack(app, `${name}Signalling`, {
    settings,
    functionsFolder: join(folder, 'functions'),
  });
  return new MediaStack(app, `${name}Media`, { settings, signalling, hostFolder: join(folder, 'host') });
}

interface Rule {
  readonly IpProtocol: string;
  readonly FromPort: number;
  readonly ToPort: number;
}

function openPorts(of: Template): string[] {
  of.resourceCountIs('AWS::EC2::SecurityGroup', 1);
  // Nothing opens a port beside the group itself.
  of.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  const [group] = Object.values(of.findResources('AWS::EC2::SecurityGroup'));
  const rules: Rule[] = group?.Properties.SecurityGroupIngress;
  return rules.map(({ IpProtocol, FromPort, ToPort }) => `${IpProtocol} ${FromPort}-${ToPort}`);
}

/** What a host is told, without what only CloudFormation knows. */
function userDataOf(of: Template): string {
  const [{ Properties } = { Properties: {} }] = Object.values(of.findResources('AWS::EC2::LaunchTemplate'));
  const parts: unknown[] = Properties.LaunchTemplateData.UserData['Fn::Base64']['Fn::Join'][1];
  return parts.map((part) => (typeof part === 'string' ? part : '…')).join('');
}

function groupOf(of: Template) {
  const { Hosts } = of.findResources('AWS::AutoScaling::AutoScalingGroup');
  return { ...Hosts?.Properties, CreationPolicy: Hosts?.CreationPolicy, UpdatePolicy: Hosts?.UpdatePolicy };
}

describe('the media stack', () => {
  test('is sound', () => {
    expectSound(full);
  });

  test('has no custom resource and asks nobody anything while it is synthesised', () => {
    const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(
      ({ Type }) => Type,
    );
    expect(types.filter((type) => type.startsWith('Custom::') || type.startsWith('AWS::Lambda'))).toEqual([]);
    expect(full.node.tryGetContext('availability-zones')).toBeUndefined();
  });
});

describe('the network', () => {
  test('has public subnets in as many zones as are wanted, and no NAT', () => {
    template.resourceCountIs('AWS::EC2::Subnet', 3);
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: true });
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::FlowLog', 1);
    expect(groupOf(template).VPCZoneIdentifier).toHaveLength(3);
  });

  test('lets in media and TURN, and never anybody to Kurento', () => {
    expect(openPorts(template)).toEqual(['udp 40000-49151', 'udp 3478-3478', 'tcp 3478-3478']);
    expect(openPorts(leastTemplate)).toEqual(['udp 40000-49151']);
  });
});

describe('a host', () => {
  test('has the second version of the instance metadata only, and an encrypted disk', () => {
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: {
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1, InstanceMetadataTags: 'enabled' },
        BlockDeviceMappings: [
          { DeviceName: '/dev/xvda', Ebs: Match.objectLike({ Encrypted: true, VolumeType: 'gp3' }) },
        ],
        NetworkInterfaces: [Match.objectLike({ AssociatePublicIpAddress: true })],
        InstanceType: 'c7i.large',
        KeyName: Match.absent(),
      },
    });
  });

  test('is the newest Amazon Linux of the deployment', () => {
    const parameters: Record<string, { Default: string }> = template.toJSON().Parameters;
    const images = Object.values(parameters).filter(({ Default }) => Default.includes('ami-amazon-linux-latest'));
    expect(images.map(({ Default }) => Default)).toEqual([expect.stringMatching(/al2023-ami-kernel-[\d.]+-x86_64$/)]);
  });

  test('is told what start.sh asks for', async () => {
    const script = await readFile(join(hostFilesFolder, 'start.sh'), 'utf8');
    const asked = [...script.matchAll(/"\$\{([A-Z_]+):[?=]\}"/g)].map(([, name]) => name);
    const told = [...userDataOf(template).matchAll(/^([A-Z_]+)='/gm)].map(([, name]) => name);
    expect(asked.length).toBeGreaterThan(15);
    expect(asked.toSorted()).toEqual(told.toSorted());
    expect(userDataOf(template)).toContain("CAPACITY='210'\nKURENTO_PORT='8888'\nHEALTH_PORT='8889'\n");
    expect(userDataOf(template)).toContain("DRAIN_SECONDS='1800'\nDRAIN_LIMIT_SECONDS='2400'\n");
    expect(userDataOf(template)).toContain("TURN_SECRET_ARN='…'");
    expect(userDataOf(leastTemplate)).toContain("TURN_SECRET_ARN=''\nCAPACITY=''");
  });
});

describe('the role of a host', () => {
  test('may do what a host does, and each only where it has to', () => {
    expect(actionsOf(template)).toEqual([
      'autoscaling:CompleteLifecycleAction',
      'autoscaling:RecordLifecycleActionHeartbeat',
      'cloudformation:SignalResource',
      'execute-api:ManageConnections',
      'logs:CreateLogStream',
      'logs:DescribeLogStreams',
      'logs:PutLogEvents',
      's3:GetObject',
      's3:PutObject',
      'secretsmanager:GetSecretValue',
    ]);
    expect(actionsOf(leastTemplate)).not.toContain('s3:PutObject');
    const everything = statementsOf(template).filter(({ Resource }) => [Resource].flat().includes('*'));
    expect(everything).toEqual([]);
  });

  test('reads the secret of the nodes and that of TURN, never that of everybody’s tokens', () => {
    expect(secretsOf(template)).toEqual([expect.stringContaining('NodeSecret'), expect.stringContaining('TurnSecret')]);
    expect(secretsOf(leastTemplate)).toEqual([expect.stringContaining('NodeSecret')]);
  });

  test('posts to connections of our stage only', () => {
    const [statement] = statementsOf(template).filter(({ Action }) => Action === 'execute-api:ManageConnections');
    const resources = [statement?.Resource].flat().map((resource) => JSON.stringify(resource));
    expect(resources).toEqual([
      expect.stringMatching(/Signalling.*\/live\/GET\/@connections\/\*/),
      expect.stringMatching(/Signalling.*\/live\/POST\/@connections\/\*/),
    ]);
  });

  test('is there with all its rights before a host is', () => {
    const { Hosts } = template.findResources('AWS::AutoScaling::AutoScalingGroup');
    expect(Hosts?.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^HostRoleDefaultPolicy/)]));
  });
});

describe('the hosts', () => {
  test('are as many as the settings allow', () => {
    expect(groupOf(template)).toMatchObject({ MinSize: '2', MaxSize: '4' });
    expect(groupOf(leastTemplate)).toMatchObject({ MinSize: '0', MaxSize: '1' });
  });

  test('come into service when they say so, and drain before they go', () => {
    const hooks = (of: Template) => groupOf(of).LifecycleHookSpecificationList;
    expect(hooks(template)).toEqual([
      {
        LifecycleHookName: 'start',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        HeartbeatTimeout: 900,
        DefaultResult: 'ABANDON',
      },
      {
        LifecycleHookName: 'drain',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
        HeartbeatTimeout: 2_400,
        DefaultResult: 'CONTINUE',
      },
    ]);
    // The most that there can be: the agent has it wait on.
    expect(hooks(leastTemplate)[1].HeartbeatTimeout).toBe(7_200);
  });

  test('are replaced one after another, and a deployment waits for them', () => {
    const { CreationPolicy, UpdatePolicy } = groupOf(template);
    expect(CreationPolicy).toEqual({ ResourceSignal: { Count: 2, Timeout: 'PT15M' } });
    const rolling = { MaxBatchSize: 1, WaitOnResourceSignals: true, PauseTime: 'PT15M' };
    expect(UpdatePolicy.AutoScalingRollingUpdate).toMatchObject({ ...rolling, MinInstancesInService: 2 });
    expect(groupOf(leastTemplate).CreationPolicy).toBeUndefined();
    // It must be less than there may be.
    expect(groupOf(leastTemplate).UpdatePolicy.AutoScalingRollingUpdate.MinInstancesInService).toBe(0);
  });

  test('follow the load of their domain', () => {
    template.hasResourceProperties('AWS::AutoScaling::ScalingPolicy', {
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingConfiguration: {
        TargetValue: 60,
        CustomizedMetricSpecification: {
          Namespace: 'Hyperroom',
          MetricName: 'NodeLoad',
          Dimensions: [{ Name: 'Domain', Value: 'example.org' }],
          Statistic: 'Average',
        },
      },
    });
  });

  test('are one more within seconds where joins wait, even from none', () => {
    const [policy = ''] = Object.keys(
      leastTemplate.findResources('AWS::AutoScaling::ScalingPolicy', {
        Properties: {
          PolicyType: 'StepScaling',
          AdjustmentType: 'ChangeInCapacity',
          StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
        },
      }),
    );
    leastTemplate.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'Hyperroom',
      MetricName: 'WaitingJoins',
      Dimensions: [{ Name: 'Domain', Value: 'example.org' }],
      Period: 10,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [{ Ref: policy }],
    });
  });
});

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** Of the policies of the host's role. */
function statementsOf(of: Template): Statement[] {
  const [role = ''] = Object.keys(of.findResources('AWS::IAM::Role')).filter((id) => id.startsWith('HostRole'));
  const policies = of.findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: role }] } });
  return Object.values(policies).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

function actionsOf(of: Template): string[] {
  return statementsOf(of)
    .flatMap(({ Action }) => Action)
    .toSorted();
}

function secretsOf(of: Template): string[] {
  const reading = statementsOf(of).filter(({ Action }) => Action === 'secretsmanager:GetSecretValue');
  return reading.flatMap(({ Resource }) => [Resource].flat()).map((resource) => JSON.stringify(resource));
}
