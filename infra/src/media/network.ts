import { type RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { mediaPorts, turnPort } from './ports.ts';

export interface NetworkOptions {
  readonly settings: Settings;
  readonly removalPolicy: RemovalPolicy;
}

/** Public subnets only: media come straight from the internet, and a NAT gateway would cost more than the hosts. */
export function createVpc(scope: Construct, { settings, removalPolicy }: NetworkOptions): IVpc {
  const vpc = new Vpc(scope, 'Vpc', {
    maxAzs: settings.mediaZones,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 22, mapPublicIpOnLaunch: true }],
    // That would take a custom resource. Nothing is ever put into the default security group.
    restrictDefaultSecurityGroup: false,
  });
  const logGroup = new LogGroup(scope, 'FlowLogs', { retention: settings.logRetentionDays, removalPolicy });
  // What was turned away. What was let in is media: a line a minute for each participant, with his address.
  vpc.addFlowLog('FlowLog', {
    destination: FlowLogDestination.toCloudWatchLogs(logGroup),
    trafficType: FlowLogTrafficType.REJECT,
  });
  // CDK's own types are not made for exactOptionalPropertyTypes.
  return vpc as IVpc;
}

/** Lets in media and, where wanted, TURN; everything out. Signalling is a connection that the host opens. */
export function createSecurityGroup(scope: Construct, vpc: IVpc, { turn }: Settings): SecurityGroup {
  const group = new SecurityGroup(scope, 'HostSecurityGroup', {
    vpc,
    description: 'Media hosts of Hyperroom: media and TURN from anywhere, nothing else',
    allowAllOutbound: true,
  });
  group.addIngressRule(Peer.anyIpv4(), Port.udpRange(mediaPorts.min, mediaPorts.max), 'media of participants');
  if (turn) {
    group.addIngressRule(Peer.anyIpv4(), Port.udp(turnPort), 'TURN over UDP');
    group.addIngressRule(Peer.anyIpv4(), Port.tcp(turnPort), 'TURN over TCP');
  }
  Validations.of(group).acknowledge({
    id: 'AwsSolutions-EC23',
    reason:
      'Participants come from anywhere, and their addresses are not known beforehand. What listens here takes nothing without ICE credentials (media) or time-limited ones (TURN).',
  });
  return group;
}
