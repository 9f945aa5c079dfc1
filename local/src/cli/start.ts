import { parseArgs } from 'node:util';
import { Recorder } from '../operator/recorder.ts';
import { serveOperator } from '../operator/server.ts';
import { startStack } from '../stack.ts';

const HELP = `Runs the whole of Hyperroom on this machine: npm start [-- options]

  --port N          port of the call page (default 8080; 0: a free one)
  --operator-port N port of the operator's page, and of /metrics for Prometheus
                    (default: the one after --port; 0: a free one)
  --domain NAME     the reTHINK domain (default localhost)
  --kurento URL     a Kurento Media Server, ws://host:8888/kurento (default: the embedded media engine)
  --webhook URL     where what happens in rooms is posted to, signed (default: nowhere)
  --json            one line of JSON on stdout once ready:
                    {"demo","signalling","management","api","metrics","operator","prometheus"},
                    and {"webhookSecret"} where there is a webhook
  --verbose         what the functions, the agent and the engine log, on stderr: with a trace
                    (it begins with a participant's id) grep finds all that is logged of a join
  --help            this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8080' },
      'operator-port': { type: 'string' },
      domain: { type: 'string', default: 'localhost' },
      kurento: { type: 'string' },
      webhook: { type: 'string' },
      json: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const began = performance.now();
  const port = portOf('port', values.port);
  const operatorPort = operatorPortOf(values['operator-port'], port);
  const recorder = new Recorder();
  const stack = await startStack({
    port,
    domain: values.domain,
    ...(values.kurento && { kurento: values.kurento }),
    ...(values.webhook !== undefined && { webhook: webhookOf(values.webhook) }),
    witness: recorder.witness,
    onProgress: (step) => process.stderr.write(`  ${step} …\n`),
    log: (line) => {
      if (values.verbose) process.stderr.write(`${line}\n`);
    },
  });
  const operator = await serveOperator({ stack, recorder, port: operatorPort });
  endWith(() => Promise.all([operator.close(), stack.close()]));
  const { demo, signalling, management, api, metrics } = stack;
  const { webhookSecret } = stack.emulator.secrets;
  if (values.json) {
    const { url, prometheus } = operator;
    const urls = { demo, signalling, management, api, metrics, operator: url, prometheus };
    process.stdout.write(`${JSON.stringify({ ...urls, webhookSecret })}\n`);
    return;
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const webhookLine = webhookSecret ? `\n  webhook     ${values.webhook} (signed with ${webhookSecret})` : '';
  process.stdout.write(`
  Hyperroom is running (ready in ${seconds} s). Open this in two tabs:

    ${demo}

  And this, to see what happens behind it: the operator's page

    ${operator.url}

  signalling  ${signalling}
  HTTP API    ${api}${webhookLine}
  Prometheus  ${operator.prometheus}
  counters    ${metrics}
  Ctrl-C ends it.
`);
}

function webhookOf(text: string): string {
  if (!/^https?:/.test(text) || !URL.canParse(text)) throw new Error(`--webhook takes a URL, not '${text}'`);
  return text;
}

function portOf(option: string, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`--${option} takes 0 to 65535, not '${text}'`);
  }
  return port;
}

function operatorPortOf(text: string | undefined, port: number): number {
  if (text !== undefined) return portOf('operator-port', text);
  return port === 0 || port === 65535 ? 0 : port + 1;
}

function endWith(close: () => Promise<unknown>): void {
  let closing = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (closing) return;
      closing = true;
      close().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }
}

function fail(error: unknown): never {
  process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
