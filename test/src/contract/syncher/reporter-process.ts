import { setTimeout as delay } from 'node:timers/promises';
import { connect } from './hyperties.ts';

/*
 * A reporter in a process of its own: `<signalling url> <domain> <hyperty to invite> <updates> <per second>`. It changes
 * its object once it is observed, and prints what has become of it.
 */

const [url = '', domain = '', observer = '', count = '', rate = ''] = process.argv.slice(2);

const { hyperty, syncher } = await connect(url, domain);
const reporter = await syncher.create('test', [observer], { score: { home: 0, guest: 0 }, log: ['kick-off'] });
await new Promise((resolve) => reporter.on('subscribed', resolve));

const began = performance.now();
for (let n = 1; n <= Number(count); n += 1) {
  change(n);
  await delay(Math.max(0, began + (n * 1000) / Number(rate) - performance.now()));
}
process.stdout.write(`${JSON.stringify(reporter.object)}\n`);
process.stdin.resume();
process.stdin.once('end', async () => {
  await reporter.delete();
  await hyperty.close();
});

/** A change of another kind each time. */
function change(n: number): void {
  const { log } = reporter.data;
  const somewhere = (n * 7919) % log.length;
  if (n % 4 === 0) reporter.insert(`log.${somewhere}`, `event ${n}`, { minute: n });
  else if (n % 4 === 1 && log.length > 1) reporter.remove(`log.${somewhere}`);
  else if (n % 4 === 2) reporter.update(`extra.time${n % 5}`, n);
  else reporter.update(n % 8 === 3 ? 'score.home' : 'score.guest', n);
}
