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
export function remembered<Of extends object, Along extends unknown[], View>(
  read: (of: Of, ...along: Along) => View,
): (of: Of, ...along: Along) => View {
  const views = new WeakMap<Of, View>();
  return (of, ...along) => {
    const view = shared(views.get(of), read(of, ...along));
    views.set(of, view);
    return view;
  };
}
