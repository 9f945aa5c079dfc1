import { type Invitation, MAX_NAME_LENGTH, type NewInvitation, TokenClaims } from '@hyperroom/protocol';
import * as v from 'valibot';
import { isAnonymous } from '../messaging-node/session.ts';
import { signOwn } from '../tokens/own.ts';
import { Fault } from './http.ts';

export interface InvitationDependencies {
  readonly domain: string;
  readonly signallingUrl: string;
  readonly secret: () => Promise<string>;
  readonly clock: () => number;
}

export type Invite = (room: string, invitation: NewInvitation) => Promise<Invitation>;

/** Makes tokens for one room. */
export function inviting({ domain, signallingUrl, secret, clock }: InvitationDependencies): Invite {
  return async (room, { user, name, metadata, expiresIn, ...may }) => {
    const claims = v.safeParse(TokenClaims, {
      sub: userUrl(user, domain),
      name: name ?? (isUrl(user) ? undefined : user.slice(0, MAX_NAME_LENGTH)),
      metadata,
      grants: { room, ...may },
    });
    if (!claims.success)
      throw new Fault('bad-request', `${v.getDotPath(claims.issues[0])}: ${claims.issues[0].message}`);
    const expires = Math.floor(clock() / 1000) + expiresIn;
    return {
      token: await signOwn({ claims: claims.output, expires }, await secret()),
      expires: new Date(expires * 1000).toISOString(),
      signalling: signallingUrl,
    };
  };
}

const isUrl = (user: string) => user.includes('://');

function userUrl(user: string, domain: string): string {
  const users = `user://${domain}/`;
  const url = isUrl(user) ? user : users + encodeURIComponent(user);
  if (!url.startsWith(users) || url === users) throw new Fault('bad-request', `user: a name, or ${users}…`);
  // Such a user counts as one for whom nobody vouches.
  if (isAnonymous(url)) throw new Fault('bad-request', 'user: only who comes without a token is anonymous');
  return url;
}
