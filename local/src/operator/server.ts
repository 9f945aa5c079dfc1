import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '../aws/read-body.ts';
import type { Stack } from '../stack.ts';
import { isForUs, isFromOurPage } from './guard.ts';
import { Operator } from './operator.ts';
import type { Recorder } from './recorder.ts';
import { injected, json, plain, type Reply, replyTo } from './replies.ts';

export interface OperatorServer {
  /** The operator's page. */
  readonly url: string;
  /** What is measured, for Prometheus. */
  readonly prometheus: string;
  close(): Promise<void>;
}

export interface OperatorOptions {
  readonly stack: Stack;
  /** The stack's witness. */
  readonly recorder: Recorder;
  /** 0: a free one. */
  readonly port: number;
}

/** Milliseconds between two pieces of news. */
const NEWS_INTERVAL = 250;
const FAULT_BYTES = 4096;

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Serves the operator's page of a stack on this machine, and to nobody else. */
export async function serveOperator({ stack, recorder, port: wanted }: OperatorOptions): Promise<OperatorServer> {
  const token = randomBytes(32).toString('base64url');
  const operator = await Operator.open(stack, recorder);
  const server = createServer((request, response) => {
    answer({ operator, token, request, response }).catch(() => send(response, plain(500, 'the stack does not answer')));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      operator.close();
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new Error(`port ${wanted} is in use: choose another with --operator-port`) : error);
    });
    server.listen(wanted, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    prometheus: `${url}metrics`,
    close: () =>
      new Promise((resolve) => {
        operator.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  readonly operator: Operator;
  readonly token: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answer({ operator, token, request, response }: Exchange): Promise<void> {
  const port = request.socket.localPort ?? 0;
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (!isForUs(request, port)) return send(response, plain(421, 'this is 127.0.0.1, and nobody else'));
  if (request.method === 'POST' && pathname === '/faults') {
    const isOurs = isFromOurPage(request, port, token);
    const body = isOurs ? await readBody(request, FAULT_BYTES) : undefined;
    send(response, isOurs ? await injected(String(body), operator) : json({ error: 'for our own page only' }, 403));
  } else if (request.method !== 'GET') {
    send(response, plain(405, 'Method not allowed'));
  } else if (pathname === '/news') {
    tellNews(operator, response);
  } else {
    send(response, await replyTo(pathname, operator, token));
  }
}

/** As server-sent events, while somebody listens. */
function tellNews(operator: Operator, response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
  const news = operator.follow();
  const tell = () => {
    const { pulses, requests } = news();
    if (requests || Object.keys(pulses).length > 0) response.write(`data: ${JSON.stringify({ pulses, requests })}\n\n`);
  };
  tell();
  const timer = setInterval(tell, NEWS_INTERVAL);
  response.on('close', () => clearInterval(timer));
}

function send(response: ServerResponse, { status, type, body }: Reply): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type });
  response.end(body);
}
