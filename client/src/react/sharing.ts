/** Objects whose content is what counts; all others are what they are. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

/** `now`, made of the parts of `before` that say the same; `before` itself if all of them do. */
export function shared<T>(before: T, now: T): T {
  if (Object.is(before, now) || !isPlain(before) || !isPlain(now)) return now;
  const was: Record<string, unknown> = before;
  const entries = Object.entries(now).map(([key, value]) => [key, shared(was[key], value)] as const);
  const isSame =
    Array.isArray(was) === Array.isArray(now) &&
    entries.length === Object.keys(was).length &&
    entries.every(([key, value]) => key in was && Object.is(was[key], value));
  if (isSame) return before;
  return (Array.isArray(now) ? entries.map(([, value]) => value) : Object.fromEntries(entries)) as T;
}

/** `read`, which gives the same result as the last time for an object unless it has something else to say of it. */
export function remembered<Of extends object, Along extends unknown[], View>(
  read: (of: Of, ...along: Along) => View,
): (of: Of, ...along: Along) => View {
  const views = new WeakMap<Of, { view: View }>();
  return (of, ...along) => {
    const now = read(of, ...along);
    const known = views.get(of);
    const view = known ? shared(known.view, now) : now;
    if (!known || known.view !== view) views.set(of, { view });
    return view;
  };
}
