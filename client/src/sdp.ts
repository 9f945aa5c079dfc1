/**
 * An offer as every media server reads it: what Firefox bundles has port 0 in its offers (RFC 9143), which those that do not
 * know that rule, Kurento among them, take for refused. Chromium and Safari say 9 of it.
 */
export function plainlyOffered(sdp: string): string {
  return sdp.replace(/^(m=\w+) 0 /gm, '$1 9 ').replace(/^a=bundle-only\r\n/gm, '');
}
