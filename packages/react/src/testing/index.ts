// For tests of components that use the hooks.
export { renderWithSession } from './render-with-session.tsx'
export type { RenderWithSessionOptions, RenderWithSessionResult } from './render-with-session.tsx'
export type { TestClientOverrides } from './test-client.ts'
export { TestSession } from './test-session.tsx'
export type { TestSessionProps } from './test-session.tsx'
