import { CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import type { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { removalPolicyOf } from '../cdk-app.ts';
import { addMediaDashboard } from '../operations/index.ts';
import type { Settings } from '../settings.ts';
import { createHostGroup, createHostTemplate } from './host-group.ts';
import { createHostRole, grantLifecycle, type Signalling } from './host-role.ts';
import { hostSettingsOf } from './host-settings.ts';
import { createSecurityGroup, createVpc } from './network.ts';
import { scaleWithLoad } from './scaling.ts';
import { userDataOf } from './user-data.ts';

export interface MediaStackProps extends StackProps {
  readonly settings: Settings;
  readonly signalling: Signalling;
  /** What `bundleHost` has made. */
  readonly hostFolder: string;
}

/** The media nodes: hosts with Kurento, the agent and coturn, as many as the load asks for. */
export class MediaStack extends Stack {
  readonly group: AutoScalingGroup;
  readonly #zones: number;

  constructor(scope: Construct, id: string, { settings, signalling, hostFolder, ...props }: MediaStackProps) {
    super(scope, id, { description: 'Hyperroom media nodes', ...props });
    this.#zones = settings.mediaZones;
    const removalPolicy = removalPolicyOf(settings);
    const asset = new Asset(this, 'HostAsset', { path: hostFolder });
    const logGroup = new LogGroup(this, 'HostLogs', { retention: settings.logRetentionDays, removalPolicy });
    const vpc = createVpc(this, { settings, removalPolicy });
    const role = createHostRole(this, { settings, signalling, asset, logGroup });
    const userData = userDataOf({
      bucket: asset.s3BucketName,
      key: asset.s3ObjectKey,
      settings: hostSettingsOf({ settings, signalling, logGroupName: logGroup.logGroupName }),
    });
    const securityGroup = createSecurityGroup(this, vpc, settings);
    const launchTemplate = createHostTemplate(this, { settings, role, securityGroup, userData });
    this.group = createHostGroup(this, { settings, vpc, launchTemplate });
    // A host needs its rights from the first moment on.
    this.group.node.addDependency(role);
    grantLifecycle(role, this.group);
    scaleWithLoad(this.group, settings);
    addMediaDashboard(this, { settings, group: this.group });
    this.#createOutputs();
  }

  /** Without an account nobody can be asked which zones there are: that there are as many as are wanted shows when it is deployed. */
  override get availabilityZones(): string[] {
    return Array.from({ length: this.#zones }, (_, index) => Fn.select(index, Fn.getAzs()));
  }

  #createOutputs(): void {
    const { autoScalingGroupName: name } = this.group;
    const outputs = {
      MediaNodes: `aws autoscaling describe-auto-scaling-groups --region ${this.region} --auto-scaling-group-names ${name} --query 'AutoScalingGroups[].Instances[].[InstanceId,LifecycleState]' --output text`,
      MediaNodeShell: `aws ssm start-session --region ${this.region} --target <instance id>`,
    };
    for (const [key, value] of Object.entries(outputs)) new CfnOutput(this, key, { value });
  }
}
