import { Crowd } from '../simulation/crowd.ts';
import { type CrowdFigures, crowdFigures } from './crowd-figures.ts';

export interface CrowdOptions {
  readonly participants: number;
  readonly onProgress: (step: string) => void;
  readonly log: (line: string) => void;
}

/** One for each join, in their order. */
export async function benchCrowd({ participants, onProgress, log }: CrowdOptions): Promise<CrowdFigures[]> {
  onProgress('starting the functions, the agent and a media engine that only counts');
  const crowd = await Crowd.start({ room: { capacity: participants }, log });
  try {
    const figures: CrowdFigures[] = [];
    for (let count = 1; count <= participants; count++) {
      figures.push(await measureJoin(crowd, `participant ${count}`));
      if (count % 10 === 0) onProgress(`${count} participants`);
    }
    return figures;
  } finally {
    await crowd.close();
  }
}

/** Lets one more join, and waits for all that follows from that. */
export async function measureJoin(crowd: Crowd, name: string): Promise<CrowdFigures> {
  const { emulator, engine, present } = crowd;
  const before = await emulator.metrics();
  engine.ledger.takePeak();
  const { answer } = await crowd.join(name);
  await crowd.settled();
  const after = await emulator.metrics();
  const { holdings } = engine.ledger;
  return crowdFigures({
    participants: present.length,
    before,
    answer,
    after,
    holdings,
    peak: engine.ledger.takePeak(),
  });
}
