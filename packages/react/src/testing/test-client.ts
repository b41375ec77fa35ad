// A client that has the session a test gives it, and no network.
import { forgetWithPage } from '../automatic-login.ts'
import type { RegisteredClient, Session } from '../register.ts'

/** What a test replaces, e.g. `{ logout: vi.fn() }`. */
export type TestClientOverrides = Partial<
  Omit<RegisteredClient, 'getSnapshot' | 'subscribe' | 'load' | 'session'>
>

/** The client, and the test's hold on it. */
export interface TestClient {
  readonly client: RegisteredClient
  readonly setSession: (session: Session) => void
}

/** Says what a test forgot, where it forgot it. */
const missing = (method: string) => (): Promise<never> =>
  Promise.reject(
    new Error(
      `The component called ${method}() of the client. Give the test one: client={{ ${method}: … }}.`,
    ),
  )

/** Creates the client. Methods that would need a network reject, unless the test brings its own. */
export function createTestClient(
  initialSession: Session,
  overrides: TestClientOverrides = {},
): TestClient {
  let session = initialSession
  const listeners = new Set<() => void>()

  function subscribe(listener: () => void): () => void {
    const entry = (): void => listener()
    listeners.add(entry)
    return () => void listeners.delete(entry)
  }

  async function load(): Promise<{ readonly session: Session }> {
    while (session.status === 'loading') {
      await new Promise<void>((resolve) => listeners.add(resolve))
    }
    return { session }
  }

  const client: RegisteredClient = {
    load,
    session: async () => session,
    login: missing('login'),
    ensureFresh: async () => {},
    logout: missing('logout'),
    refresh: missing('refresh'),
    fetch: missing('fetch'),
    getSnapshot: () => session,
    subscribe,
    on: () => () => {},
    isLeaving: () => false,
    dispose: () => {},
    ...overrides,
  }
  forgetWithPage(client)

  return {
    client,
    setSession(next) {
      session = next
      for (const listener of listeners) listener()
    },
  }
}
