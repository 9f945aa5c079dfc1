import { expect, it } from 'vitest';
import { Parameters } from '../rpc/params.ts';
import { eventParams } from './event.ts';
import { MediaPipeline } from './media-pipeline.ts';
import { MediaSet } from './media-set.ts';

const set = new MediaSet(
  () => {},
  () => 1000,
);
const caller = { sessionId: 's', refer: ({ id }: { id: string }) => id };

it('tells of its source, and of its tags only if asked to', () => {
  const pipeline = new MediaPipeline(set);
  const run = (name: string, given: Record<string, string | boolean>) =>
    pipeline.operation(name)?.run(new Parameters(given), caller);
  run('addTag', { key: 'room', value: 'r1' });
  const about = { source: pipeline.id, timestampMillis: '7', type: 'Error' };
  expect(eventParams(pipeline, 'Error', { errorCode: 6 }, 7).value).toEqual({
    data: { errorCode: 6, ...about, tags: [] },
    object: pipeline.id,
    type: 'Error',
  });
  run('setSendTagsInEvents', { sendTagsInEvents: true });
  expect(eventParams(pipeline, 'Error', {}, 7).value).toMatchObject({
    data: { tags: [{ __module__: 'kurento', __type__: 'Tag', key: 'room', value: 'r1' }] },
  });
});

it('leaves the type out of the data of object events', () => {
  const pipeline = new MediaPipeline(set);
  expect(eventParams(pipeline, 'ObjectCreated', { object: 'x' }, 7).value).not.toHaveProperty('data.type');
});
