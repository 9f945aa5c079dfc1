export { Hyperroom } from '../hyperroom.ts';
export type { Change } from './change.ts';
export type { Child } from './children.ts';
export type { DataObject } from './data-object.ts';
export type { Invitation } from './invitation.ts';
export type { ObserveOptions, Observer, ObserverEvents, SavedObserver } from './observer.ts';
export type { Authorise, Reporter, ReporterEvents, SavedReporter } from './reporter.ts';
export {
  type CreateOptions,
  type ReadOptions,
  type ResumeOptions,
  type SubscribeOptions,
  Syncher,
  type SyncherEvents,
} from './syncher.ts';
