import { HyperroomError } from './errors.ts';

/** What is loaded when it is first asked for; what could not be loaded, whenever it is asked for again. Rejects with `connection-refused`. */
export function onceLoaded<Part>(load: () => Promise<Part>): () => Promise<Part> {
  let loading: Promise<Part> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      // Many browsers remember that a module could not be loaded for as long as the page lasts.
      throw new HyperroomError(
        'connection-refused',
        `a part of the SDK could not be loaded: reload the page (${error})`,
      );
    });
    return loading;
  };
}

/** What nobody needs before a room is joined. It comes while the socket opens. */
export const standing = onceLoaded(() => import('./standing.ts'));

export type Standing = Awaited<ReturnType<typeof standing>>;
