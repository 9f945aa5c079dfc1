import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './simulate.ts';
import type { Job } from './worker.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));

/** Plays jobs in as many processes; each outcome is taken as it comes, until `take` says that it is enough. */
export async function playAll(
  jobs: Iterable<Job>,
  processes: number,
  take: (outcome: Outcome, job: Job) => 'more' | 'enough',
): Promise<void> {
  const queue = jobs[Symbol.iterator]();
  let enough = false;
  const work = async () => {
    const worker = fork(WORKER, { execArgv: ['--import', 'tsx'] });
    try {
      for (let next = queue.next(); !enough && !next.done; next = queue.next()) {
        if (take(await play(worker, next.value), next.value) === 'enough') enough = true;
      }
    } finally {
      worker.kill();
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
}

function play(worker: ChildProcess, job: Job): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`${job.scenario}, seed ${job.seed}: exit ${code}`));
    worker.once('exit', ended);
    worker.once('message', (outcome: Outcome) => {
      worker.off('exit', ended);
      resolve(outcome);
    });
    worker.send(job);
  });
}
