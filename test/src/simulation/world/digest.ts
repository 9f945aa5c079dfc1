/** What a frame is about, in a line of the trace. */
export function digest(frame: string): string {
  const parsed: unknown = JSON.parse(frame);
  return (Array.isArray(parsed) ? parsed : [parsed]).map(messageDigest).join(' + ');
}

function messageDigest(message: Readonly<Record<string, unknown>>): string {
  const { type, to, id } = message;
  const body = (message.body ?? {}) as Readonly<Record<string, unknown>>;
  const what = body.command ?? body.report ?? body.attribute ?? body.code ?? '';
  const version = body.version ?? '';
  return [type, short(id), short(to), what, version, body.code === undefined ? '' : (body.description ?? '')]
    .filter((part) => part !== '')
    .join(' ');
}

function short(text: unknown): string {
  const words = String(text);
  return words.length > 40 ? `…${words.slice(-12)}` : words;
}
