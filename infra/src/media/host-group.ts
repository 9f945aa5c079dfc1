import { Duration, Validations } from 'aws-cdk-lib';
import {
  AutoScalingGroup,
  type CfnAutoScalingGroup,
  GroupMetrics,
  HealthChecks,
  Signals,
  UpdatePolicy,
} from 'aws-cdk-lib/aws-autoscaling';
import {
  AmazonLinuxCpuType,
  EbsDeviceVolumeType,
  InstanceType,
  type ISecurityGroup,
  type IVpc,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  MachineImage,
  SubnetType,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { drainGraceMinutes, groupId, hooks } from './host-settings.ts';

/** Packages, images and registration take two; a mirror that is slow, more. */
const START_TIMEOUT = Duration.minutes(15);
/** What a lifecycle hook can be told at the most; an agent that drains for longer has it wait on. */
const LONGEST_HEARTBEAT = 120;

export interface HostTemplateOptions {
  readonly settings: Settings;
  readonly role: IRole;
  readonly securityGroup: ISecurityGroup;
  readonly userData: string;
}

/** What a host is made of: the newest Amazon Linux, and what it does at its first boot. */
export function createHostTemplate(scope: Construct, options: HostTemplateOptions): LaunchTemplate {
  const { settings, role, securityGroup, userData } = options;
  return new LaunchTemplate(scope, 'HostTemplate', {
    // As of the deployment, by a parameter of AWS: Kurento's image has no arm64.
    machineImage: MachineImage.latestAmazonLinux2023({ cpuType: AmazonLinuxCpuType.X86_64 }),
    instanceType: new InstanceType(settings.mediaInstanceType),
    role,
    securityGroup,
    associatePublicIpAddress: true,
    userData: UserData.custom(userData),
    httpTokens: LaunchTemplateHttpTokens.REQUIRED,
    // Not beyond the host's own network.
    httpPutResponseHopLimit: 1,
    // By its tags a host knows its group.
    instanceMetadataTags: true,
    detailedMonitoring: true,
    blockDevices: [
      {
        deviceName: '/dev/xvda',
        volume: {
          ebsDevice: {
            volumeSize: 16,
            volumeType: EbsDeviceVolumeType.GP3,
            encrypted: true,
            deleteOnTermination: true,
          },
        },
      },
    ],
  });
}

export interface HostGroupOptions {
  readonly settings: Settings;
  readonly vpc: IVpc;
  readonly launchTemplate: LaunchTemplate;
}

/** The hosts. One that does not come into service is replaced; one that is to go is given time to drain. */
export function createHostGroup(
  scope: Construct,
  { settings, vpc, launchTemplate }: HostGroupOptions,
): AutoScalingGroup {
  const { mediaMinNodes, mediaMaxNodes } = settings;
  const group = new AutoScalingGroup(scope, 'Group', {
    vpc,
    vpcSubnets: { subnetType: SubnetType.PUBLIC },
    launchTemplate,
    minCapacity: mediaMinNodes,
    maxCapacity: mediaMaxNodes,
    healthChecks: HealthChecks.ec2({ gracePeriod: START_TIMEOUT }),
    defaultInstanceWarmup: Duration.minutes(3),
    groupMetrics: [GroupMetrics.all()],
    // A deployment succeeds when the hosts serve. One after the other is replaced, a new one before an old one where
    // there may be as many.
    ...(mediaMinNodes > 0 && { signals: Signals.waitForMinCapacity({ timeout: START_TIMEOUT }) }),
    updatePolicy: UpdatePolicy.rollingUpdate({
      maxBatchSize: 1,
      minInstancesInService: Math.min(Math.max(mediaMinNodes, 1), mediaMaxNodes - 1),
      waitOnResourceSignals: true,
      pauseTime: START_TIMEOUT,
    }),
  });
  const resource = group.node.defaultChild as CfnAutoScalingGroup;
  resource.overrideLogicalId(groupId);
  // In the group itself: hooks beside it would be too late for its first hosts.
  resource.lifecycleHookSpecificationList = hooksOf(settings);
  Validations.of(group).acknowledge({
    id: 'AwsSolutions-AS3',
    reason:
      'Hosts come and go all day with the load: nobody wants a mail about each. Alarms tell of what somebody has to act upon: joins that wait, and nodes that are missing.',
  });
  return group;
}

function hooksOf({ drainMinutes }: Settings): CfnAutoScalingGroup.LifecycleHookSpecificationProperty[] {
  const drainHeartbeat = Math.min(drainMinutes + drainGraceMinutes, LONGEST_HEARTBEAT) * 60;
  return [
    {
      lifecycleHookName: hooks.start,
      lifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
      heartbeatTimeout: START_TIMEOUT.toSeconds(),
      defaultResult: 'ABANDON',
    },
    {
      lifecycleHookName: hooks.drain,
      lifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      heartbeatTimeout: drainHeartbeat,
      defaultResult: 'CONTINUE',
    },
  ];
}
