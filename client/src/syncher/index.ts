export { Hyperroom } from '../hyperroom.ts';
export { type CreateOptions, type ReadOptions, type ResumeOptions, Syncher, type SyncherEvents } from './syncher.ts';
export type {
  Authorise,
  Change,
  Child,
  DataObject,
  Invitation,
  ObserveOptions,
  Observer,
  ObserverEvents,
  Reporter,
  ReporterEvents,
  SavedObserver,
  SavedReporter,
  SubscribeOptions,
  Validity,
  Versioned,
} from './types.ts';
