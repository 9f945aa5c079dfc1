import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Metrics } from '../aws/index.ts';
import { prometheusText } from './prometheus.ts';
import { type Reading, readingOf } from './reading.ts';

export interface FiguresServer {
  /** The page with the live charts. */
  readonly url: string;
  /** The same for Prometheus. */
  readonly prometheus: string;
  close(): Promise<void>;
}

export interface FiguresOptions {
  readonly metrics: () => Promise<Metrics>;
  /** 0: a free one. */
  readonly port: number;
  /** Milliseconds between two readings. Default: two seconds. */
  readonly interval?: number;
}

const INTERVAL = 2_000;
/** Ten minutes. */
const KEPT = 300;
const PAGE = join(import.meta.dirname, 'page');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};
const PAGE_FILES = new Set(['/index.html', '/page.css', '/page.js', '/chart.js']);

/** Serves what is measured: as a page to look at, and as text for Prometheus. */
export async function serveFigures({ metrics, port, interval = INTERVAL }: FiguresOptions): Promise<FiguresServer> {
  const readings: Reading[] = [];
  const read = async () => {
    readings.push(readingOf(await metrics(), Date.now()));
    if (readings.length > KEPT) readings.shift();
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    answer(pathname, response, { metrics, readings }).catch(() => send(response, 500, 'text/plain', 'no figures'));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new Error(`port ${port} is in use: choose another with --figures-port`) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  await read();
  // A reading that fails while the stack ends is missed by nobody.
  const timer = setInterval(() => void read().catch(() => {}), interval);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    prometheus: `${url}metrics`,
    close: () =>
      new Promise((resolve) => {
        clearInterval(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Figures {
  readonly metrics: () => Promise<Metrics>;
  readonly readings: readonly Reading[];
}

async function answer(path: string, response: ServerResponse, { metrics, readings }: Figures): Promise<void> {
  const file = path === '/' ? '/index.html' : path;
  if (path === '/metrics') {
    send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', prometheusText(await metrics()));
  } else if (path === '/figures.json') {
    const { alarms } = await metrics();
    const shown = alarms.map(({ name, state, description }) => ({ name, state, description }));
    send(response, 200, 'application/json', JSON.stringify({ readings, alarms: shown }));
  } else if (PAGE_FILES.has(file)) {
    send(response, 200, TYPES[extname(file)] ?? '', await readFile(join(PAGE, file)));
  } else {
    send(response, 404, 'text/plain', 'Not found');
  }
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'self'; img-src data:",
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
