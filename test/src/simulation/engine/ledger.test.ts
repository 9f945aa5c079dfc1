import { expect, it } from 'vitest';
import { Ledger } from './ledger.ts';

it('remembers the most of each since it was last asked', () => {
  const ledger = new Ledger();
  ledger.add('endpoints', 1);
  ledger.add('endpoints', 1);
  ledger.add('videoLinks', 1);
  ledger.add('endpoints', -1);
  expect(ledger.holdings).toEqual({ pipelines: 0, endpoints: 1, audioLinks: 0, videoLinks: 1 });
  expect(ledger.takePeak()).toEqual({ pipelines: 0, endpoints: 2, audioLinks: 0, videoLinks: 1 });
  expect(ledger.takePeak()).toEqual(ledger.holdings);
});

it('takes nothing away that is not there', () => {
  expect(() => new Ledger().add('pipelines', -1)).toThrow('fewer pipelines than none');
});

it('counts calls by what they ask', () => {
  const ledger = new Ledger();
  for (const method of ['create', 'processOffer', 'create']) ledger.called(method);
  expect(Object.fromEntries(ledger.calls)).toEqual({ create: 2, processOffer: 1 });
});
