import { App, type Environment, RemovalPolicy } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import type { Settings } from './settings.ts';

export interface AppOptions {
  /** Whether CDK's rules of CloudFormation are applied, and where each construct was made is noted: that takes seconds. */
  readonly isChecked?: boolean;
}

/** An app with every recommended feature flag, which reports nothing about itself to AWS. */
export function createApp(outdir?: string, { isChecked = false }: AppOptions = {}): App {
  return new App({
    context: recommendedFlags,
    analyticsReporting: false,
    builtinCloudFormationValidation: isChecked,
    stackTraces: isChecked,
    ...(outdir === undefined ? {} : { outdir }),
  });
}

const removalPolicies = { retain: RemovalPolicy.RETAIN, destroy: RemovalPolicy.DESTROY };

export function removalPolicyOf({ removalPolicy }: Settings): RemovalPolicy {
  return removalPolicies[removalPolicy];
}

/** What all stacks have: CloudFormation puts the tags on whatever can carry some. */
export function stackPropsOf({ domain, region }: Settings): { env: Environment; tags: Record<string, string> } {
  // Without an account nothing is looked up in one: synthesis works offline.
  return {
    env: region === undefined ? {} : { region },
    tags: { application: 'hyperroom', 'hyperroom:domain': domain },
  };
}
