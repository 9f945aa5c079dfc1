import { Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Says why a role of this construct may do something with resources that are known only by a pattern. */
export function explainWildcard(construct: Construct, resource: string, reason: string): void {
  const finding = `AwsSolutions-IAM5[Resource::${printed(Stack.of(construct).resolve(resource))}]`;
  Validations.of(construct).acknowledge({ id: finding, reason });
}

/** As cdk-nag has it in the name of what it finds: what only CloudFormation knows is in angle brackets. */
function printed(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported, 'Fn::Join': join } = value as Intrinsic;
  if (join !== undefined) return join[1].map(printed).join(join[0]);
  return imported ?? `<${Ref ?? attribute?.join('.')}>`;
}

interface Intrinsic {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly string[];
  readonly 'Fn::ImportValue'?: string;
  readonly 'Fn::Join'?: readonly [separator: string, parts: readonly unknown[]];
}
