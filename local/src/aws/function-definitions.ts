import { type Deployed, type OfType, shortName } from './identities.ts';
import { TemplateError } from './intrinsics.ts';
import type { Statement } from './permissions.ts';

export interface FunctionDefinition {
  /** See shortName. */
  readonly name: string;
  readonly physicalName: string;
  readonly arn: string;
  /** S3 key under which the stack's assets hold the code. */
  readonly codeKey: string;
  /** `file.export` */
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  /** What its role may do. */
  readonly permissions: readonly Statement[];
  /** How often an event that nobody waits for is given to it again. */
  readonly asyncRetries: number;
}

const defaultAsyncRetries = 2;

export function readFunctions(ofType: OfType): FunctionDefinition[] {
  const policies = ofType('AWS::IAM::Policy');
  const invokeConfigs = ofType('AWS::Lambda::EventInvokeConfig');
  return ofType('AWS::Lambda::Function').map(({ logicalId, properties, identity }) => {
    const code = properties.Code as { readonly S3Key?: string } | undefined;
    const environment = properties.Environment as { readonly Variables?: Record<string, string> } | undefined;
    if (code?.S3Key === undefined) throw new TemplateError(`${logicalId}: only code from an asset is emulated`);
    const invokeConfig = invokeConfigs.find(({ properties: { FunctionName } }) => FunctionName === identity.ref);
    return {
      name: shortName(logicalId),
      physicalName: identity.ref,
      arn: identity.attributes.Arn ?? '',
      codeKey: code.S3Key,
      handler: String(properties.Handler),
      memoryMb: Number(properties.MemorySize ?? 128),
      timeoutMs: Number(properties.Timeout ?? 3) * 1000,
      environment: environment?.Variables ?? {},
      permissions: policies.flatMap((policy) => statementsFor(String(properties.Role), policy)),
      asyncRetries: Number(invokeConfig?.properties.MaximumRetryAttempts ?? defaultAsyncRetries),
    };
  });
}

function statementsFor(roleArn: string, { properties }: Deployed): readonly Statement[] {
  const roles = properties.Roles as readonly string[];
  if (!roles.some((role) => roleArn.endsWith(`:role/${role}`))) return [];
  return (properties.PolicyDocument as { Statement: readonly Statement[] }).Statement;
}

/** The function of an integration or a target: its ARN, or API Gateway's path to it. */
export function functionBehind(functions: readonly FunctionDefinition[], uri: unknown): FunctionDefinition {
  const found = functions.find(({ arn }) => uri === arn || String(uri).includes(`/functions/${arn}/`));
  if (found === undefined) throw new TemplateError(`no function behind ${String(uri)}`);
  return found;
}
