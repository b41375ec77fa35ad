// The test files that carry the project's promises. They run in every engine, the others in Chromium alone.
import type { EngineName } from './src/engines/engine.ts'

/** A file in `test/`, what it promises, and what of it an engine cannot show. */
export interface PromiseFile {
  readonly name: string
  readonly promise: string
  /** What is not tested in an engine, and why. */
  readonly limits?: Partial<Readonly<Record<EngineName, string>>>
}

const noHistory = 'no list of the history: the address bar and its state are searched'

export const promises: readonly PromiseFile[] = [
  {
    name: 'sign-in',
    promise: 'A user signs in, comes back to the deep link, calls the API, and signs out for good',
    limits: { WebKit: noHistory },
  },
  {
    name: 'login',
    promise:
      'Sign-ins at once, used callback URLs, a reload in between, and silent sign-ins end well',
    limits: { WebKit: noHistory },
  },
  {
    name: 'refresh',
    promise: 'Many calls with an expired token cause one refresh, and all of them succeed',
  },
  {
    name: 'tabs',
    promise:
      'Tabs refresh once, hand the session over, survive one that is closed, and sign out together',
  },
  {
    name: 'back-forward-cache',
    promise: '“Back” after a sign-out shows nothing protected',
    limits: {
      Firefox: 'keeps no page that has had an event stream: it is loaded anew',
    },
  },
  {
    name: 'page-life',
    promise:
      'A page that leaves in mid-refresh, or while its sign-in ends, comes back to a session',
    limits: { Firefox: 'keeps no page that holds a lock: it is loaded anew' },
  },
  {
    name: 'keepalive',
    promise: 'A tab that is closed in mid-refresh, or at the end of a sign-in, loses no cookie',
  },
  {
    name: 'web-socket',
    promise:
      'WebSockets open with a session, for the trusted origin alone, and close with the token',
  },
  {
    name: 'one-origin',
    promise: 'App, agent and API on one origin work without a preflight, event stream included',
  },
  {
    name: 'leaks',
    promise: 'No token, code or cookie value is where a script, a log or a history could hold it',
    limits: { WebKit: `console lines are not searched, its driver tells none; ${noHistory}` },
  },
  {
    name: 'planted-cookies',
    promise: 'A host beside the app’s cannot lock a user out with a cookie that it plants',
  },
  {
    name: 'cache-storage',
    promise: 'A service worker’s cache gives back nothing that the agent has answered',
  },
  {
    name: 'device-binding-offered',
    promise: 'A browser that cannot bind sessions to its device goes on as before',
  },
]
