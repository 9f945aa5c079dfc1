import type { Callers } from './callers.ts';
import type { FunctionDefinition } from './function-definitions.ts';
import { TemplateError } from './intrinsics.ts';
import { type Cause, type Invoke, Lambda } from './lambda.ts';
import type { Meter } from './metrics.ts';
import { type InvocationOutcome, integrationTimeout } from './sandbox.ts';
import type { Witness } from './witness.ts';

export interface LambdasOptions {
  readonly codeFolders: ReadonlyMap<FunctionDefinition, string>;
  /** Where the services listen. */
  readonly endpoint: string;
  readonly environmentOf: (definition: FunctionDefinition) => Readonly<Record<string, string>>;
  readonly meter: Meter;
  readonly callers: Callers;
  readonly maxSandboxes: number;
  readonly witness: Witness;
  readonly log: (functionName: string, line: string) => void;
}

/** Where the code of each function is; `assets` by the S3 key in the template. */
export function findCode(
  functions: readonly FunctionDefinition[],
  assets: Readonly<Record<string, string>>,
): ReadonlyMap<FunctionDefinition, string> {
  return new Map(
    functions.map((definition) => {
      const folder = assets[definition.codeKey];
      if (folder === undefined) throw new TemplateError(`no asset ${definition.codeKey} for ${definition.name}`);
      return [definition, folder];
    }),
  );
}

/** All functions of the stack. */
export class Lambdas {
  readonly #lambdas: readonly Lambda[];

  constructor({ codeFolders, environmentOf, ...shared }: LambdasOptions) {
    this.#lambdas = [...codeFolders].map(
      ([definition, codeFolder]) =>
        new Lambda({ ...shared, definition, codeFolder, environment: environmentOf(definition) }),
    );
  }

  readonly invoke: Invoke = async (definition: FunctionDefinition, event: unknown, cause: Cause) => {
    const found = this.#lambdas.find((lambda) => lambda.definition === definition);
    if (found === undefined) throw new TemplateError(`no function ${definition.name}`);
    return found.invoke(event, cause);
  };

  /** For who waits no longer than that. The function goes on running, as on AWS. */
  invokeWithin(limitMs: number): Invoke {
    return async (definition, event, cause) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<InvocationOutcome>((resolve) => {
        timer = setTimeout(() => resolve(integrationTimeout), limitMs);
      });
      return Promise.race([this.invoke(definition, event, cause), late]).finally(() => clearTimeout(timer));
    };
  }

  /** Starts so many sandboxes of each function ahead of the first event. */
  async warm(count: number): Promise<void> {
    const wanted = Array.from({ length: count }, () => this.#lambdas).flat();
    await Promise.all(wanted.map((lambda) => lambda.warm()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#lambdas.map((lambda) => lambda.close()));
  }
}
