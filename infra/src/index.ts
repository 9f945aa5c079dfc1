export { type BundleOptions, bundleFunctions, type FunctionName, functionNames } from './bundle.ts';
export { type HttpRoute, httpRoutes } from './http-routes.ts';
export type { OidcOptions, SignallingOptions } from './signalling-stack.ts';
export {
  type SynthesisedStack,
  type SynthesisOptions,
  synthSignalling,
  type Template,
  type TemplateResource,
} from './synthesise.ts';
