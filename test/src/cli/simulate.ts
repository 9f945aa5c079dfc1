import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { mutationTable } from '../simulation/world/report/mutation-run.ts';
import { seedRun } from '../simulation/world/report/seed-run.ts';
import { SCENARIOS } from '../simulation/world/scenarios/index.ts';
import { isScenario } from '../simulation/world/scenarios/schedule.ts';

const HELP = `Plays the whole system (functions, media agents, browsers) in one process under a virtual clock, with faults; a seed decides
everything, so that whatever is found can be played again. Ends with 1 if something is found.

  npm run simulate -- --seeds 1000              seeds 1 to 1000
  npm run simulate -- --seed 17                 that one, with the last of what happened
  npm run simulate -- --scenario agent-killed   that scenario only, with any of the above
  npm run simulate -- --mutations               takes each safeguard away in turn: every lack has to be found
  npm run simulate -- --mutation no-inventory   that safeguard only
  npm run simulate -- --list                    the scenarios

  --from N        the first seed (1)
  --trace N       how much of what happened is printed of the first find (120 lines)
  --keep-going    plays all seeds, whatever is found
  --jobs N        processes (as many as there are cores)
`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    scenario: { type: 'string' },
    trace: { type: 'string', default: '120' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    'keep-going': { type: 'boolean', default: false },
    mutations: { type: 'boolean', default: false },
    mutation: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

async function main(): Promise<number> {
  const { scenario } = values;
  if (values.help) return say(HELP);
  if (values.list) return say(SCENARIOS.map(({ name, about }) => `${name.padEnd(28)} ${about}`).join('\n'));
  if (scenario !== undefined && !isScenario(scenario)) return say(`there is no scenario ${scenario}: see --list`, 2);
  const jobs = Number(values.jobs);
  const { mutation } = values;
  if (values.mutations || mutation !== undefined) {
    return mutationTable({ jobs, seeds: Number(values.seeds), only: mutation });
  }
  const one = values.seed === undefined ? undefined : Number(values.seed);
  return seedRun({
    first: one ?? Number(values.from),
    count: one === undefined ? Number(values.seeds) : 1,
    scenario,
    traced: Number(values.trace),
    alwaysTraced: one !== undefined,
    keepsGoing: values['keep-going'],
    jobs,
  });
}

function say(text: string, exitCode = 0): number {
  console.log(text);
  return exitCode;
}

process.exitCode = await main();
