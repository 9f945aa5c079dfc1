import { MAX_BATCH_LENGTH, MAX_MESSAGE_BYTES, type Message } from '@hyperroom/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiPosts } from './api-posts.ts';
import { Counts } from './counts.ts';
import { type Log, SILENT } from './log.ts';
import { framesOf, Poster } from './post.ts';
import { FakeApi } from './testing/fake-api.ts';

const message = (id: number, text = ''): Message => ({
  id,
  type: 'update',
  from: 'hyperty://d/a',
  to: 'hyperty://d/b',
  body: { text },
});

describe('frames', () => {
  test('hold as many messages as the limits allow, in order', () => {
    const messages = Array.from({ length: 5 }, (_, id) => message(id, 'x'.repeat(60_000)));
    const frames = framesOf(messages);
    expect(frames.map((frame) => [JSON.parse(frame)].flat().map(({ id }) => id))).toEqual([[0, 1], [2, 3], [4]]);
    for (const frame of frames) expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
  });

  test('stay within the limits to the byte', () => {
    const room = MAX_MESSAGE_BYTES - 2 - 1 - 2 * Buffer.byteLength(JSON.stringify(message(0)));
    const fitting = framesOf([message(0, 'ü'.repeat(room / 2)), message(1)]);
    expect(fitting.map((frame) => Buffer.byteLength(frame))).toEqual([MAX_MESSAGE_BYTES - (room % 2)]);
    const tooMuch = framesOf([message(0, 'ü'.repeat(room / 2 + 1)), message(1)]);
    expect(tooMuch).toHaveLength(2);
  });

  test('take no more messages than a batch may have', () => {
    const frames = framesOf(Array.from({ length: MAX_BATCH_LENGTH + 1 }, (_, id) => message(id)));
    expect(frames).toHaveLength(2);
  });
});

describe('posts', () => {
  let api: FakeApi;
  let posts: ApiPosts;
  let poster: Poster;
  let counts: Counts;
  const gone: string[] = [];
  const errors: string[] = [];
  const log: Log = { ...SILENT, error: (text) => errors.push(text) };

  beforeEach(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    gone.length = 0;
    errors.length = 0;
    api = await FakeApi.listen();
    const onGone = (connectionId: string) => gone.push(connectionId);
    posts = new ApiPosts({ endpoint: api.managementEndpoint, region: 'eu-west-1', log });
    counts = new Counts();
    poster = new Poster({ post: posts.post, onGone, counts, log });
  });
  afterEach(async () => {
    posts.close();
    await api.close();
    vi.unstubAllEnvs();
  });

  test('arrive signed, as one frame, at their connection', async () => {
    await poster.post('abc=', [message(1), message(2)]);
    expect(api.posts).toMatchObject([{ connectionId: 'abc=', messages: [{ id: 1 }, { id: 2 }] }]);
  });

  test('to one connection keep their order, and do not wait for other connections', async () => {
    const slow = Array.from({ length: 20 }, (_, id) => poster.post('a', [message(id)]));
    const other = Array.from({ length: 20 }, (_, id) => poster.post(`b${id}`, [message(id)]));
    await Promise.all([...slow, ...other]);
    expect(api.postsTo('a').map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, id) => id));
    expect(api.posts).toHaveLength(40);
  });

  test('are tried again when throttled', async () => {
    const statuses = [429, 500];
    api.postStatus = () => statuses.shift() ?? 200;
    await poster.post('a', [message(1)]);
    expect(api.postsTo('a')).toHaveLength(1);
  });

  test('that cannot succeed are logged and given up; the next one goes its way', async () => {
    api.postStatus = () => 413;
    await poster.post('a', [message(1)]);
    api.postStatus = () => 200;
    await poster.post('a', [message(2)]);
    expect(api.postsTo('a').map(({ id }) => id)).toEqual([2]);
    expect(errors).toEqual(['post failed']);
    expect(counts.take()).toMatchObject({ postFailures: 1, postsGone: 0 });
  });

  test('that are throttled for longer hold up those behind them, and arrive in order', async () => {
    const attempts: string[] = [];
    const patient = new Poster({
      counts,
      log,
      onGone: (connectionId) => gone.push(connectionId),
      async post(_, frame) {
        attempts.push(frame);
        if (attempts.length < 4) throw Object.assign(new Error('throttled'), { $metadata: { httpStatusCode: 429 } });
        return 'delivered';
      },
    });
    vi.useFakeTimers();
    const both = Promise.all([patient.post('a', [message(1)]), patient.post('a', [message(2)])]);
    await vi.runAllTimersAsync();
    await both;
    vi.useRealTimers();
    expect(attempts.map((frame) => JSON.parse(frame).id)).toEqual([1, 1, 1, 1, 2]);
  });

  test('make a gone connection known', async () => {
    api.postStatus = () => 410;
    await poster.post('a', [message(1)]);
    expect(gone).toEqual(['a']);
    expect(errors).toEqual([]);
    expect(counts.take()).toMatchObject({ postFailures: 0, postsGone: 1 });
  });

  test('warming up finds fault with credentials, not with its made-up connection', async () => {
    api.postStatus = () => 410;
    await posts.warmUp();
    expect(errors).toEqual([]);
    api.postStatus = () => 403;
    await posts.warmUp();
    expect(errors).toEqual([expect.stringContaining('AWS credentials')]);
    expect(gone).toEqual([]);
  });
});
