/** A setting that the stack gives every function. */
export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is missing: deploy with the SignallingStack`);
  return value;
}

export const allowAnonymous = () => process.env.ALLOW_ANONYMOUS === 'true';

/** Whether what is known of a connection is in the table: the stack is for an emulator, which may ask no authorizer. */
export const contextInTable = () => process.env.CONTEXT_IN_TABLE === 'true';

/** The origins whose pages may connect; undefined: any. */
export const allowedOrigins = () => process.env.ALLOWED_ORIGINS?.split(',');
