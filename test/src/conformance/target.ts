/** The deployment that the suite speaks to: one that runs already, or an emulator of the suite's own. */
export interface Target {
  readonly url: string;
  readonly domain: string;
  /** Tokens of two different users; none where everybody may come without one. */
  readonly tokens: readonly string[];
  /** A media node's: only an emulator of the suite's own hands it one. */
  readonly mediaToken?: string;
}

/** How `npm run test:conformance` tells the suite of a deployment. */
export const TARGET_VARIABLE = 'HYPERROOM_CONFORMANCE_TARGET';

declare module 'vitest' {
  export interface ProvidedContext {
    target: Target;
  }
}
