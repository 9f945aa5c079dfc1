export { signToken } from '@hyperroom/client/server';

/** The secret of every local stack: its tokens are worth nothing elsewhere. */
export const DEVELOPMENT_SECRET = 'hyperroom-development-secret-of-every-local-stack';
