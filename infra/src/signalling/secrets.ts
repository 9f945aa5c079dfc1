import { type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';

export interface SecretOptions {
  readonly description: string;
  readonly removalPolicy: RemovalPolicy;
}

/** A secret that nobody has chosen: 64 letters and digits, which is more than 256 bits. */
export function createSecret(scope: Construct, id: string, options: SecretOptions): Secret {
  const secret = new Secret(scope, id, {
    ...options,
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
  });
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason:
      'Back ends and webhook receivers hold a copy of their own: on a schedule of AWS theirs would be outdated. An operator rotates it by putting a new value, and what the value before has signed stays accepted.',
  });
  return secret;
}

/** Its value, and nothing else that may be known of it. */
export function grantValue(secret: Secret, grantee: IGrantable): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] }),
  );
}
