import { parse } from 'yaml';
import { type Answer, escaped, queryError, result } from './answers.ts';

/** What a template says, as CloudFormation got it. */
export interface ArrivedTemplate {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>
  >;
}

export type Outputs = Readonly<Record<string, string>>;

/** Makes the resources of a stack; gives its outputs. */
export type Deploy = (stackName: string, template: ArrivedTemplate) => Promise<Outputs>;

export interface StacksOptions {
  readonly deploy: Deploy;
  /** What has been put at a URL. */
  readonly fetch: (url: string) => string;
}

interface Stack {
  readonly template: ArrivedTemplate;
  readonly changeSet: string;
  status: 'REVIEW_IN_PROGRESS' | 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'CREATE_FAILED';
  reason: string;
  outputs: Outputs;
}

/** CloudFormation, as far as the CDK creates stacks with it. */
export class Stacks {
  readonly #options: StacksOptions;
  readonly #stacks = new Map<string, Stack>();

  constructor(options: StacksOptions) {
    this.#options = options;
  }

  /** The template that was deployed under that name. */
  template(stackName: string): ArrivedTemplate | undefined {
    return this.#stacks.get(stackName)?.template;
  }

  answer(operation: string, input: URLSearchParams): Answer {
    const name = nameOf(input.get('StackName') ?? '');
    const stack = this.#stacks.get(name);
    if (operation === 'CreateChangeSet') return this.#createChangeSet(name, input);
    if (stack === undefined) return queryError('ValidationError', `Stack with id ${name} does not exist`);
    switch (operation) {
      case 'DescribeStacks':
        return result(operation, `<Stacks><member>${describe(name, stack)}</member></Stacks>`);
      case 'DescribeChangeSet':
        return result(operation, describeChangeSet(name, stack));
      case 'ExecuteChangeSet':
        void this.#execute(name, stack);
        return result(operation, '');
      case 'DescribeStackEvents':
        return result(operation, '<StackEvents/>');
      case 'DescribeEvents':
        return result(operation, '<OperationEvents/>');
      case 'GetTemplate':
        return result(operation, `<TemplateBody>${escaped(JSON.stringify(stack.template))}</TemplateBody>`);
      case 'UpdateTerminationProtection':
      case 'DeleteChangeSet':
        return result(operation, `<StackId>${idOf(name)}</StackId>`);
      default:
        return queryError('InvalidAction', `${operation} is not known here`);
    }
  }

  #createChangeSet(name: string, input: URLSearchParams): Answer {
    const body = input.get('TemplateBody') ?? this.#options.fetch(input.get('TemplateURL') ?? '');
    const changeSet = input.get('ChangeSetName') ?? '';
    const template: ArrivedTemplate = parse(body);
    this.#stacks.set(name, { template, changeSet, status: 'REVIEW_IN_PROGRESS', reason: '', outputs: {} });
    return result('CreateChangeSet', `<Id>${changeSetIdOf(name, changeSet)}</Id><StackId>${idOf(name)}</StackId>`);
  }

  async #execute(name: string, stack: Stack): Promise<void> {
    stack.status = 'CREATE_IN_PROGRESS';
    try {
      stack.outputs = await this.#options.deploy(name, stack.template);
      stack.status = 'CREATE_COMPLETE';
    } catch (error) {
      stack.status = 'CREATE_FAILED';
      stack.reason = String(error);
    }
  }
}

function describe(name: string, { status, reason, outputs }: Stack): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${escaped(value)}</OutputValue></member>`,
  );
  return (
    `<StackId>${idOf(name)}</StackId><StackName>${name}</StackName><StackStatus>${status}</StackStatus>` +
    `<StackStatusReason>${escaped(reason)}</StackStatusReason><CreationTime>2026-01-01T00:00:00Z</CreationTime>` +
    `<Outputs>${members.join('')}</Outputs><Parameters/><Tags/>`
  );
}

function describeChangeSet(name: string, { changeSet, template }: Stack): string {
  const changes = Object.entries(template.Resources).map(
    ([logicalId, { Type }]) =>
      `<member><Type>Resource</Type><ResourceChange><Action>Add</Action><LogicalResourceId>${logicalId}</LogicalResourceId>` +
      `<ResourceType>${Type}</ResourceType></ResourceChange></member>`,
  );
  return (
    `<ChangeSetName>${changeSet}</ChangeSetName><ChangeSetId>${changeSetIdOf(name, changeSet)}</ChangeSetId>` +
    `<StackId>${idOf(name)}</StackId><StackName>${name}</StackName><Status>CREATE_COMPLETE</Status>` +
    `<ExecutionStatus>AVAILABLE</ExecutionStatus><Changes>${changes.join('')}</Changes>`
  );
}

function idOf(name: string): string {
  return `arn:aws:cloudformation:us-east-1:000000000000:stack/${name}/stand-in`;
}

function changeSetIdOf(name: string, changeSet: string): string {
  return `arn:aws:cloudformation:us-east-1:000000000000:changeSet/${changeSet}/${name}`;
}

/** Of a name or an id. */
function nameOf(nameOrId: string): string {
  return nameOrId.startsWith('arn:') ? (nameOrId.split('/')[1] ?? '') : nameOrId;
}
