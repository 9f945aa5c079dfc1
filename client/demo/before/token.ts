/** Whether a token has run out: where the server does not even let it connect, the browser is not told why. */
export function hasExpired(token: string): boolean {
  try {
    const [, claims = ''] = token.split('.');
    const { exp } = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof exp === 'number' && exp * 1000 < Date.now();
  } catch {
    return false;
  }
}
