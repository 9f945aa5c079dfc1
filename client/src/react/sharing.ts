type Parts = Record<string, unknown>;

/** The prototype of an object; nothing of what is none. */
const kindOf = (value: unknown): unknown => typeof value === 'object' && value && Object.getPrototypeOf(value);

/**
 * `now`, made of the parts of `before` that say the same; `before` itself if all of them do. Lists and plain objects are looked into; all
 * other objects are what they are.
 */
export function shared<T>(before: unknown, now: T): T {
  const kind = kindOf(now);
  if ((kind !== Object.prototype && kind !== Array.prototype) || kindOf(before) !== kind) return now;
  const was = before as Parts;
  const made = (Array.isArray(now) ? [...now] : { ...now }) as Parts;
  const keys = Object.keys(made);
  for (const key of keys) made[key] = shared(was[key], made[key]);
  const isSame = keys.length === Object.keys(was).length && keys.every((key) => Object.is(made[key], was[key]));
  return (isSame ? before : made) as T;
}

/** `read`, which gives the same result as the last time for an object unless it has something else to say of it. */
export function remembered<Of extends object, View>(read: (of: Of) => View): (of: Of) => View {
  const views = new WeakMap<Of, View>();
  return (of) => {
    const view = shared(views.get(of), read(of));
    views.set(of, view);
    return view;
  };
}

/** What `read` says of each key. */
export function record<Key extends string, T>(keys: Iterable<Key>, read: (key: Key) => T): Record<Key, T> {
  return Object.fromEntries(Array.from(keys, (key) => [key, read(key)])) as Record<Key, T>;
}

/** Some of an object's properties, of itself and of its class, as they are now. */
export function pick<Of, Key extends keyof Of & string>(of: Of, ...keys: readonly Key[]): Pick<Of, Key> {
  return record(keys, (key) => of[key]) as Pick<Of, Key>;
}
