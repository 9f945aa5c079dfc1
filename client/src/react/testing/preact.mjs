export * from 'preact/compat';
export { act } from 'preact/test-utils';
