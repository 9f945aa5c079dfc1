export { type BundleOptions, bundleFunctions, type FunctionName, functionNames } from './bundle.ts';
export {
  type SynthesisedStack,
  type SynthesisOptions,
  synthSignalling,
  type Template,
  type TemplateResource,
} from './synthesise.ts';
