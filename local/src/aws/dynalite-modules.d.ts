// dynalite 4.0.0 has no types. Its modules are used below its HTTP server, which would cost every request a second hop
// and which rethrows unexpected errors into the process.
declare module 'dynalite/db/index.js' {
  export interface Store {
    readonly db: { close(callback: (error?: Error | null) => void): void };
  }
  const db: {
    create(options: { createTableMs: number; deleteTableMs: number; updateTableMs: number }): Store;
    checkConditional(request: object, item: object | undefined): Error | null | undefined;
  };
  export default db;
}

declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js';

  const validations: {
    checkTypes(request: object, types: unknown): Record<string, unknown>;
    checkValidations(request: object, types: unknown, custom: unknown, store: Store): void;
  };
  export default validations;
}
