// The test files that carry the project's promises. They run in every engine, the others in Chromium alone.
export const promises = [
  'sign-in',
  'login',
  'refresh',
  'tabs',
  'back-forward-cache',
  'keepalive',
  'web-socket',
  'one-origin',
  'leaks',
  'planted-cookies',
  'cache-storage',
].map((name) => `test/${name}.test.ts`)
