import { App, RemovalPolicy } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { functionsFolder, signallingStackName } from './layout.ts';
import { type OidcOptions, SignallingStack, type SignallingStackProps } from './signalling-stack.ts';

const booleans = { true: true, false: false };
const removalPolicies = { retain: RemovalPolicy.RETAIN, destroy: RemovalPolicy.DESTROY };

/** An app with every recommended feature flag, which reports nothing about itself to AWS. */
export function createApp(outdir?: string): App {
  return new App({
    context: recommendedFlags,
    analyticsReporting: false,
    ...(outdir === undefined ? {} : { outdir }),
  });
}

/**
 * What `cdk deploy -c domain=… -c allowAnonymous=true|false -c removalPolicy=retain|destroy -c events=true|false
 * -c webhookUrl=… -c oidcIssuer=… -c oidcAudience=…` asks for.
 */
export function signallingPropsFromContext(app: App): SignallingStackProps {
  const webhookUrl = contextUrl(app, 'webhookUrl');
  const oidc = oidcFromContext(app);
  return {
    domain: String(app.node.tryGetContext('domain') ?? 'localhost'),
    allowAnonymous: contextChoice(app, 'allowAnonymous', booleans, 'false'),
    removalPolicy: contextChoice(app, 'removalPolicy', removalPolicies, 'retain'),
    events: contextChoice(app, 'events', booleans, 'false'),
    ...(webhookUrl !== undefined && { webhookUrl }),
    ...(oidc !== undefined && { oidc }),
    functionsFolder,
  };
}

export function addSignallingStack(app: App, props: SignallingStackProps): SignallingStack {
  return new SignallingStack(app, signallingStackName, { description: 'Hyperroom signalling', ...props });
}

function contextChoice<Value>(app: App, key: string, choices: Record<string, Value>, byDefault: string): Value {
  const chosen = String(app.node.tryGetContext(key) ?? byDefault);
  const value = choices[chosen];
  if (value === undefined) {
    throw new Error(`context ${key}=${chosen}: expected one of ${Object.keys(choices).join(', ')}`);
  }
  return value;
}

function oidcFromContext(app: App): OidcOptions | undefined {
  const issuer = contextUrl(app, 'oidcIssuer');
  const audience: unknown = app.node.tryGetContext('oidcAudience');
  if (issuer === undefined && audience === undefined) return undefined;
  // Without an audience a token that the provider made for somebody else would do.
  if (issuer === undefined || !audience) throw new Error('context oidcIssuer and oidcAudience go together');
  return { issuer, audience: String(audience) };
}

function contextUrl(app: App, key: string): string | undefined {
  const value: unknown = app.node.tryGetContext(key);
  if (value === undefined) return undefined;
  if (!URL.canParse(String(value))) throw new Error(`context ${key}=${String(value)}: expected a URL`);
  return String(value);
}
