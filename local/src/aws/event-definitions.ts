import { type EventPattern, parsePattern } from './event-patterns.ts';
import { type FunctionDefinition, functionBehind } from './function-definitions.ts';
import type { Deployed, OfType } from './identities.ts';
import { TemplateError } from './intrinsics.ts';

export interface RuleDefinition {
  readonly pattern: EventPattern;
  readonly targets: readonly FunctionDefinition[];
}

export interface EventBusDefinition {
  readonly name: string;
  readonly arn: string;
  readonly rules: readonly RuleDefinition[];
}

// How long EventBridge tries to hand an event to Lambda says nothing here, where that never fails.
const knownTargetProperties = ['Arn', 'DeadLetterConfig', 'Id', 'RetryPolicy'];

export function readEventBuses(ofType: OfType, functions: readonly FunctionDefinition[]): EventBusDefinition[] {
  const rules = ofType('AWS::Events::Rule');
  const buses = ofType('AWS::Events::EventBus').map(({ identity }) => ({
    name: identity.ref,
    arn: identity.attributes.Arn ?? '',
    rules: rules
      .filter(({ properties }) => properties.EventBusName === identity.ref)
      .map((rule) => readRule(rule, functions)),
  }));
  const astray = rules.find(({ properties }) => buses.every(({ name }) => name !== properties.EventBusName));
  if (astray !== undefined) throw new TemplateError(`${astray.logicalId}: only rules of the stack's bus are emulated`);
  return buses;
}

function readRule({ logicalId, properties }: Deployed, functions: readonly FunctionDefinition[]): RuleDefinition {
  const { EventPattern, ScheduleExpression, State = 'ENABLED', Targets = [] } = properties;
  if (ScheduleExpression !== undefined || State !== 'ENABLED') {
    throw new TemplateError(`${logicalId}: only enabled rules with a pattern are emulated`);
  }
  return {
    pattern: parsePattern(EventPattern),
    targets: (Targets as readonly Readonly<Record<string, unknown>>[]).map((target) => {
      const unknown = Object.keys(target).find((name) => !knownTargetProperties.includes(name));
      if (unknown !== undefined) throw new TemplateError(`${logicalId}: ${unknown} of a target is not emulated`);
      return functionBehind(functions, target.Arn);
    }),
  };
}
