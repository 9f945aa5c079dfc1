import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import * as v from 'valibot';
import { joinDiagram } from './diagram.ts';
import { DIAGRAM_STYLE } from './diagram-style.ts';
import { FaultError } from './faults.ts';
import type { Operator } from './operator.ts';
import { prometheusText } from './prometheus.ts';

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const PAGE = join(import.meta.dirname, 'page');
const FILE = /^\/[a-z-]+\.(?:html|js|css)$/;
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};
const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
/** In the page, where the token goes that lets it break things. */
const TOKEN_PLACE = '{{token}}';

const Injection = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ fault: v.string(), target: v.optional(v.string(), '') }),
);

/** What is at a path. */
export async function replyTo(path: string, operator: Operator, token: string): Promise<Reply> {
  const { figures, recorder, faults } = operator;
  switch (path) {
    case '/metrics':
      return ok(PROMETHEUS_TYPE, prometheusText(await figures.metrics()));
    case '/figures.json':
      return json({ readings: figures.readings, alarms: await figures.alarms() });
    case '/overview.json':
      return json({ ...(await operator.overview()), faults: faults.list(), demo: operator.demo });
    case '/recordings.json':
      return json(recorder.requests());
    case '/diagram.css':
      return ok(TYPES['.css'] ?? '', DIAGRAM_STYLE);
    default:
      return path.startsWith('/recordings/') ? recordingAt(path, operator) : fileAt(path, token);
  }
}

/** Does what `body` asks for, and says what that was. */
export async function injected(body: string, operator: Operator): Promise<Reply> {
  const injection = v.safeParse(Injection, body);
  if (!injection.success) return json({ error: 'a fault and its target, as JSON' }, 400);
  try {
    return json({ said: await operator.inject(injection.output.fault, injection.output.target) });
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return json({ code: error.code, error: error.message }, error.code === 'not-here' ? 409 : 404);
  }
}

function recordingAt(path: string, { recorder }: Operator): Reply {
  const [, trace = '', kind] = /^\/recordings\/([\w-]{1,64})\.(json|svg)$/.exec(path) ?? [];
  const recording = recorder.recording(trace);
  if (!recording) return plain(404, 'no such request is remembered');
  return kind === 'svg' ? ok('image/svg+xml', joinDiagram(recording)) : json(recording);
}

async function fileAt(path: string, token: string): Promise<Reply> {
  const file = path === '/' ? '/index.html' : path;
  if (!FILE.test(file)) return plain(404, 'Not found');
  try {
    const text = await readFile(join(PAGE, file), 'utf8');
    return ok(TYPES[extname(file)] ?? '', text.replace(TOKEN_PLACE, token));
  } catch {
    return plain(404, 'Not found');
  }
}

function ok(type: string, body: string): Reply {
  return { status: 200, type, body };
}

export function json(value: unknown, status = 200): Reply {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

export function plain(status: number, body: string): Reply {
  return { status, type: 'text/plain; charset=utf-8', body };
}
