export { bundleHost } from './media/bundle-host.ts';
export { type HostSettings, userDataOf } from './media/user-data.ts';
export type { OidcOptions, Settings } from './settings.ts';
export {
  type BundleOptions,
  bundleFunctions,
  type FunctionName,
  functionNames,
} from './signalling/bundle-functions.ts';
export { type HttpRoute, httpRoutes } from './signalling/http-routes.ts';
export {
  type SynthesisedStack,
  type SynthesisOptions,
  synthSignalling,
  type Template,
  type TemplateResource,
} from './signalling/synthesise.ts';
