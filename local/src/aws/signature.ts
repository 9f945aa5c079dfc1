import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** An HTTP request as it came over the wire. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type SignatureError =
  | 'MissingAuthenticationTokenException'
  | 'IncompleteSignatureException'
  | 'UnrecognizedClientException'
  | 'InvalidSignatureException';

export type SignatureVerdict =
  | { readonly accessKeyId: string }
  | { readonly error: SignatureError; readonly message: string };

const maxSkewMs = 5 * 60 * 1000;

/** Verifies an AWS Signature Version 4 by computing it anew. */
export function verifySignature(
  request: SignedRequest,
  secretOf: (accessKeyId: string) => string | undefined,
  now: number = Date.now(),
): SignatureVerdict {
  const { authorization } = request.headers;
  if (authorization === undefined) {
    return { error: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' };
  }
  const claimed = parseAuthorization(authorization);
  const timestamp = String(request.headers['x-amz-date'] ?? '');
  if (claimed === undefined || !/^\d{8}T\d{6}Z$/.test(timestamp)) {
    return { error: 'IncompleteSignatureException', message: 'The request signature is incomplete.' };
  }
  const secret = secretOf(claimed.accessKeyId);
  if (secret === undefined) {
    return {
      error: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    };
  }
  if (Math.abs(now - parseTimestamp(timestamp)) > maxSkewMs) {
    return { error: 'InvalidSignatureException', message: `Signature expired: ${timestamp}` };
  }
  const mustSign = ['host', ...Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))];
  const unsigned = mustSign.filter((name) => !claimed.signedHeaders.includes(name));
  if (unsigned.length > 0 || computeSignature(request, claimed, timestamp, secret) !== claimed.signature) {
    return {
      error: 'InvalidSignatureException',
      message: 'The request signature we calculated does not match the signature you provided.',
    };
  }
  return { accessKeyId: claimed.accessKeyId };
}

interface ClaimedSignature {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const authorizationPattern =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/([^/,]+)\/aws4_request,\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/;

function parseAuthorization(authorization: string): ClaimedSignature | undefined {
  const [, accessKeyId, date, region, service, signedHeaders, signature] =
    authorizationPattern.exec(authorization) ?? [];
  if (!accessKeyId || !date || !region || !service || !signedHeaders || !signature) return undefined;
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(';'), signature };
}

function parseTimestamp(timestamp: string): number {
  return Date.parse(timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function computeSignature(
  request: SignedRequest,
  { date, region, service, signedHeaders }: ClaimedSignature,
  timestamp: string,
  secret: string,
): string {
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', timestamp, scope, sha256(canonicalRequest(request, signedHeaders))].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<Buffer>(
    (previous, part) => createHmac('sha256', previous).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  );
  return createHmac('sha256', key).update(toSign).digest('hex');
}

function canonicalRequest({ method, url, headers, body }: SignedRequest, signedHeaders: readonly string[]): string {
  const { pathname, searchParams } = new URL(url, 'http://host');
  const query = [...searchParams].map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`).sort();
  const headerLines = signedHeaders.map(
    (name) =>
      `${name}:${String(headers[name] ?? '')
        .trim()
        .replace(/ +/g, ' ')}\n`,
  );
  return [
    method,
    // The path is encoded twice: once by the sender, once by the signature.
    pathname.split('/').map(uriEncode).join('/'),
    query.join('&'),
    headerLines.join(''),
    signedHeaders.join(';'),
    sha256(body),
  ].join('\n');
}

function uriEncode(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
