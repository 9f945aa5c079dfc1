/** Runs the media engine as a process of its own: `tsx main.ts [--port N] [--media-address A]`. */
import { fstatSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startKurentoEngine } from './index.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, 'media-address': { type: 'string' } },
});
const mediaAddress = values['media-address'];
const engine = await startKurentoEngine({ port: Number(values.port), ...(mediaAddress ? { mediaAddress } : {}) });

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await engine.close();
  process.exit(0);
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// A parent that gave us a pipe holds its other end: it closes with the parent, however that ended.
const input = fstatSync(0);
if (input.isFIFO() || input.isSocket()) process.stdin.on('end', stop).resume();

process.stdout.write(`${JSON.stringify({ url: engine.url })}\n`);
