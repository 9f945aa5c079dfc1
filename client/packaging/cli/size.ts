import { parseArgs } from 'node:util';
import { measureSizes, type Size } from '../sizes.ts';

const HELP = `What the SDK weighs in an application, minified and compressed (gzip -9): npm run size [-- options]

Exits with 1 when something is over its limit.

  --json   [{"what","bytes","limit"}] on stdout
  --help   this text
`;

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  process.stdout.write(HELP);
} else {
  const sizes = await measureSizes();
  process.stdout.write(values.json ? `${JSON.stringify(sizes)}\n` : sizes.map(line).join(''));
  if (sizes.some(isOver)) process.exitCode = 1;
}

function isOver({ bytes, limit }: Size): boolean {
  return limit !== undefined && bytes > limit;
}

function line(size: Size): string {
  const limit = size.limit === undefined ? '' : `  of ${kib(size.limit)}${isOver(size) ? '  OVER' : ''}`;
  return `${size.what.padEnd(40)}${kib(size.bytes)} KiB${limit}\n`;
}

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(2).padStart(6);
}
