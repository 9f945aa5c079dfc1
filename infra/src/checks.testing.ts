import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect } from 'vitest';
import { schemaProblems } from './service-spec.testing.ts';

/** cdk-nag's AwsSolutions has nothing against it that is not explained, and AWS's own schemas take every resource. */
export function expectSound(stack: Stack): void {
  expect(problemsOf(stack)).toEqual([]);
}

export function problemsOf(stack: Stack): string[] {
  const { Resources } = Template.fromStack(stack).toJSON();
  return [...findingsOf(stack), ...schemaProblems(Resources)];
}

function findingsOf(stack: Stack): string[] {
  const { violations } = new AwsSolutionsChecks(stack).validateScope(stack);
  return violations.flatMap(({ ruleName, description, violatingResources }) =>
    violatingResources.map(({ constructPath = '' }) => `${ruleName} at ${constructPath}: ${description}`),
  );
}
