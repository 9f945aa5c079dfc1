import type { IncomingMessage } from 'node:http';
import { type Answer, xml } from './answers.ts';

/** S3, path style, as far as the CDK publishes assets there. */
export class Buckets {
  readonly #objects = new Map<string, Buffer>();

  /** By `<bucket>/<key>`. */
  get(path: string): Buffer {
    const found = this.#objects.get(path);
    if (found === undefined) throw new Error(`nothing has been put at ${path}`);
    return found;
  }

  answer(request: IncomingMessage, body: Buffer): Answer {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host');
    const path = decodeURIComponent(pathname.slice(1));
    if (request.method === 'PUT') {
      this.#objects.set(path, isChunked(request) ? unchunked(body) : body);
      return { status: 200, headers: { etag: '"stand-in"' } };
    }
    if (searchParams.has('location')) return xml('<LocationConstraint/>');
    if (searchParams.has('encryption')) return xml(ENCRYPTION);
    const prefix = searchParams.get('prefix');
    if (prefix === null) return { status: 404 };
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(`${path.replace(/\/$/, '')}/${prefix}`));
    const contents = keys.map((key) => `<Contents><Key>${key.slice(key.indexOf('/') + 1)}</Key></Contents>`).join('');
    return xml(`<ListBucketResult><KeyCount>${keys.length}</KeyCount>${contents}</ListBucketResult>`);
  }
}

const ENCRYPTION =
  '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>' +
  '</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>';

function isChunked(request: IncomingMessage): boolean {
  return String(request.headers['content-encoding'] ?? '').includes('aws-chunked');
}

/** `<hex length>[;…]\r\n<bytes>\r\n`, until a length of nought. */
function unchunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf('\r\n', at);
    const length = Number.parseInt(body.subarray(at, lineEnd).toString(), 16);
    if (!(length > 0)) return Buffer.concat(parts);
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
}
