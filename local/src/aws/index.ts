export { type Clock, ManualClock, systemClock } from './clock.ts';
export type { Delivery } from './delivery.ts';
export { type Deployment, readDeployment } from './deployment.ts';
export { countAccess } from './dynamodb.ts';
export { type AwsEmulator, type AwsEmulatorOptions, type ConnectionFaults, startAwsEmulator } from './emulator.ts';
export { awsLimits, type Limits } from './limits.ts';
export type { Counters, InvocationRecord, Metrics, PostRecord } from './metrics.ts';
export type { AlarmReport, Series } from './metrics-cloudwatch.ts';
export type { Credentials } from './signature.ts';
export {
  type FrameDown,
  type FrameUp,
  type Invoked,
  moment,
  type Passed,
  type TableRequest,
  type Witness,
} from './witness.ts';
