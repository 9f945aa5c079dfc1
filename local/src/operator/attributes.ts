type Attribute = Readonly<Record<string, unknown>>;

/** Attributes as DynamoDB writes them, as plain values. */
export function plainItem(item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value as Attribute)]));
}

function plain(attribute: Attribute): unknown {
  const [[type, value] = ['NULL', true]] = Object.entries(attribute);
  switch (type) {
    case 'N':
      return Number(value);
    case 'NS':
      return (value as readonly string[]).map(Number);
    case 'L':
      return (value as readonly Attribute[]).map(plain);
    case 'M':
      return plainItem(value as Attribute);
    case 'NULL':
      return null;
    default:
      return value;
  }
}
