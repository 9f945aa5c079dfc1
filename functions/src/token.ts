import { TokenClaims } from '@hyperroom/protocol';
import { jwtVerify } from 'jose';
import * as v from 'valibot';

/** The claims of a token that was signed with our secret and has not expired; undefined for any other. */
export async function verifyToken(token: string, secret: string): Promise<TokenClaims | undefined> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ['HS256'],
      requiredClaims: ['exp', 'sub'],
    });
    return v.parse(TokenClaims, payload);
  } catch {
    return undefined;
  }
}
