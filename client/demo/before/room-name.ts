const ADJECTIVES =
  'amber brave calm clever cosy early gentle golden happy jolly lively lucky mellow quiet silver sunny swift warm'.split(
    ' ',
  );
const ANIMALS =
  'badger beaver falcon finch fox heron lark lynx marten otter owl puffin raven robin seal stork swan wren'.split(' ');

/** A room name that can be said on the telephone. The number keeps strangers' rooms apart. */
export function inventRoomName(): string {
  const [first = 0, second = 0, number = 0] = crypto.getRandomValues(new Uint16Array(3));
  return `${ADJECTIVES[first % ADJECTIVES.length]}-${ANIMALS[second % ANIMALS.length]}-${1000 + (number % 9000)}`;
}

/** What somebody typed, as a room id: letters, digits, `.`, `_`, `~` and `-`. */
export function toRoomId(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, '-')
    .replace(/[^A-Za-z0-9._~-]/g, '')
    .slice(0, 128);
}
