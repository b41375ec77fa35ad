// The five operations of an OAuth Agent, as data.

/** An operation of the OAuth Agent, by the name that clients, mocks and handlers share. */
export type Operation = 'session' | 'startLogin' | 'endLogin' | 'refresh' | 'logout'

/** Where an operation lives, relative to the agent's URL. */
export interface Endpoint {
  readonly method: 'GET' | 'POST'
  readonly path: string
}

/** Method and path of every operation. Paths are appended to the agent's URL. */
export const endpoints: Readonly<Record<Operation, Endpoint>> = {
  session: { method: 'GET', path: '/session' },
  startLogin: { method: 'POST', path: '/login/start' },
  endLogin: { method: 'POST', path: '/login/end' },
  refresh: { method: 'POST', path: '/refresh' },
  logout: { method: 'POST', path: '/logout' },
}

/** All operations, in the order of a user's visit. */
export const operations: readonly Operation[] = [
  'session',
  'startLogin',
  'endLogin',
  'refresh',
  'logout',
]
