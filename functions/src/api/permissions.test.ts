import { Grants, NewInvitation, TokenClaims } from '@hyperroom/protocol';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../tokens/verifier.ts';
import { grantsOf, requireCovered } from './permissions.ts';

const grants = (changes: object = {}) => v.parse(Grants, { room: '*', ...changes });

describe('a token', () => {
  const verdicts: Record<string, Verdict> = {
    server: accepted({ role: 'server', grants: { room: 'a' } }),
    bare: accepted({ role: 'server' }),
    participant: accepted({ grants: { room: '*', moderate: true } }),
    node: accepted({ role: 'media-node', grants: { room: '*' } }),
  };
  const verify = async (token: string) => verdicts[token] ?? ({ ok: false, reason: 'token expired' } as const);

  function accepted(claims: object): Verdict {
    return { ok: true, claims: v.parse(TokenClaims, { sub: 'user://localhost/s', ...claims }), expires: 0 };
  }

  const grantsBy = (authorization?: string) =>
    grantsOf({ routeKey: 'x', ...(authorization !== undefined && { headers: { authorization } }) }, verify);

  it.each(['Bearer server', 'bearer server', 'BEARER  server'])('of a back end is taken: %s', async (authorization) => {
    expect(await grantsBy(authorization)).toEqual(grants({ room: 'a' }));
  });

  it.each([
    [undefined, 'unauthorized', /missing/],
    ['', 'unauthorized', /missing/],
    ['Bearer', 'unauthorized', /missing/],
    ['Basic server', 'unauthorized', /missing/],
    ['Bearer server server', 'unauthorized', /missing/],
    ['Bearer other', 'unauthorized', /^token expired$/],
    ['Bearer participant', 'forbidden', /of participant/],
    ['Bearer node', 'forbidden', /of media-node/],
    ['Bearer bare', 'forbidden', /nothing/],
  ])('is asked for: %s', async (authorization, code, message) => {
    await expect(grantsBy(authorization)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe('an invitation', () => {
  const may = (own: object, wanted: object) => () =>
    requireCovered(grants(own), v.parse(NewInvitation, { user: 'ada', ...wanted }));

  it.each([
    [{}, {}],
    [
      { create: true, moderate: true },
      { create: true, moderate: true },
    ],
    [{ publish: ['camera', 'microphone'] }, { publish: ['camera'] }],
    [
      { publish: false, subscribe: false, data: false },
      { publish: false, subscribe: false, data: false },
    ],
    [{ publish: false }, { publish: [] }],
  ])('grants of %j what there is: %j', (own, wanted) => expect(may(own, wanted)).not.toThrow());

  it.each([
    [{}, { moderate: true }, 'moderate'],
    [{}, { create: true }, 'create'],
    [{ data: false }, {}, 'data'],
    [{ subscribe: false }, {}, 'subscribe'],
    [{ publish: ['camera'] }, {}, 'microphone'],
    [{ publish: ['camera'] }, { publish: ['screen'] }, 'screen'],
    [{ publish: false }, { publish: true }, 'microphone'],
  ])('grants of %j nothing more: %j', (own, wanted, what) => expect(may(own, wanted)).toThrow(what));
});
