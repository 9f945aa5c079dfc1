/**
 * The Content-Security-Policy of the call page: itself, the API, and nothing else. Local stacks serve it, too, so that every browser test
 * is one of it.
 */
export function pagePolicy(signalling: string): string {
  const directives = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' data:",
    'media-src': "'self' blob: mediastream:",
    'connect-src': `'self' ${signalling}`,
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}
