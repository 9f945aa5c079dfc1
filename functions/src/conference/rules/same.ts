/* The rules run wherever JavaScript does: in Lambda, and in the tests of applications (`@hyperroom/client/testing`). */

/** Whether two values of JSON are the same, whatever the order of their keys. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!isContainer(one) || !isContainer(other) || Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => hasSame(one, other, key));
}

function hasSame(one: object, other: object, key: string): boolean {
  return Object.hasOwn(other, key) && isSame(Reflect.get(one, key), Reflect.get(other, key));
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
