import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { pagePolicy } from '@hyperroom/client/build';

export interface DemoServer {
  readonly url: string;
  close(): Promise<void>;
}

/** What the call page asks for before it connects. */
export interface DemoConfig {
  readonly signalling: string;
  readonly domain: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.map': 'application/json; charset=utf-8',
};

/** Serves the built call page and its configuration. */
export async function serveDemo(folder: string, config: DemoConfig, port: number): Promise<DemoServer> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === '/config.json') send(response, 200, '.json', JSON.stringify(config));
    else void sendFile(response, folder, path, pagePolicy(new URL(config.signalling).origin));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} is in use: choose another with --port`) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function sendFile(response: ServerResponse, folder: string, path: string, policy: string): Promise<void> {
  // `normalize` of an absolute path cannot climb above its root.
  const file = join(folder, normalize(path === '/' ? '/index.html' : path));
  try {
    response.setHeader('content-security-policy', policy);
    send(response, 200, extname(file), await readFile(file));
  } catch {
    send(response, 404, '.html', 'Not found');
  }
}

function send(response: ServerResponse, status: number, extension: string, body: string | Buffer): void {
  response.writeHead(status, {
    'content-type': TYPES[extension] ?? 'application/octet-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
