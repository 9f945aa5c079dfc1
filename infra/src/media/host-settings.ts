import { Aws } from 'aws-cdk-lib';
import type { Settings } from '../settings.ts';
import type { Signalling } from './host-role.ts';
import { healthPort, kurentoPort, mediaPorts } from './ports.ts';
import type { HostSettings } from './user-data.ts';

/** The group's lifecycle hooks. */
export const hooks = { start: 'start', drain: 'drain' } as const;

/** The group's name in the template: its hosts signal to CloudFormation under it. */
export const groupId = 'Hosts';

/** Rooms that no other node has had place for may stay this much longer. */
export const drainGraceMinutes = 10;

export interface HostSettingsOptions {
  readonly settings: Settings;
  readonly signalling: Signalling;
  readonly logGroupName: string;
}

/** What `start.sh` is told. */
export function hostSettingsOf({ settings, signalling, logGroupName }: HostSettingsOptions): HostSettings {
  const { domain, drainMinutes, mediaCapacity } = settings;
  return {
    AWS_REGION: Aws.REGION,
    DOMAIN: domain,
    SIGNALLING_URL: signalling.stage.url,
    MANAGEMENT_ENDPOINT: signalling.stage.callbackUrl,
    NODE_SECRET_ARN: signalling.nodeSecret.secretArn,
    TURN_SECRET_ARN: signalling.turnSecret?.secretArn ?? '',
    CAPACITY: mediaCapacity === undefined ? '' : String(mediaCapacity),
    KURENTO_PORT: String(kurentoPort),
    HEALTH_PORT: String(healthPort),
    MEDIA_MIN_PORT: String(mediaPorts.min),
    MEDIA_MAX_PORT: String(mediaPorts.max),
    DRAIN_SECONDS: String(drainMinutes * 60),
    DRAIN_LIMIT_SECONDS: String((drainMinutes + drainGraceMinutes) * 60),
    START_HOOK: hooks.start,
    DRAIN_HOOK: hooks.drain,
    LOG_GROUP: logGroupName,
    STACK: Aws.STACK_NAME,
    STACK_RESOURCE: groupId,
  };
}
