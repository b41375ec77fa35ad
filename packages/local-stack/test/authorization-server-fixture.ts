// An authorization server for each test, on a free port, that fails the test when it prints or fails.
import { afterEach, beforeEach, expect } from 'vitest'
import type { AuthorizationServerOptions } from '../src/authorization-server/server.ts'
import { startTestServer } from './authorization-client.ts'
import { watchPrinting } from './printing.ts'

type TestServer = Awaited<ReturnType<typeof startTestServer>>

/** To be called once in a test file; returns what starts a test's server. */
export function useAuthorizationServer() {
  const printed = watchPrinting()
  let running: TestServer | undefined

  beforeEach(printed.clear)
  afterEach(async () => {
    await running?.close()
    expect(running?.failures ?? []).toEqual([])
    expect(printed.lines(), 'the authorization server prints nothing').toEqual([])
    running = undefined
  })

  return async (options?: Partial<AuthorizationServerOptions>): Promise<TestServer> => {
    running = await startTestServer(options)
    return running
  }
}
