// Opens the app on a page of its own, as main.tsx does.
import { cleanup, configure, render } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import type { UserEvent } from '@testing-library/user-event'
import { createBrowserRouter } from 'react-router'
import { afterEach, vi } from 'vitest'
import { App } from '../src/app.tsx'
import { coverRestoredPage } from '../src/cover-restored-page.ts'
import { createQueryClient } from '../src/query-client.ts'
import { createRoutes } from '../src/routes.tsx'
import { createTokenHandler } from '../src/token-handler.ts'
import { agent } from './mock-servers.ts'

// A machine that is busy with other tests needs longer than a second.
configure({ asyncUtilTimeout: 4_000 })

// jsdom draws nothing, so it cannot scroll either.
vi.stubGlobal('scrollTo', () => {})

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
  cleanup()
  localStorage.clear()
  sessionStorage.clear()
})

interface OpenApp {
  readonly user: UserEvent
  /** Where the page wanted to leave for, oldest first. */
  readonly departures: readonly string[]
}

/** Opens the app at a path, in the browser tab of this test. */
export function openApp(path: string): OpenApp {
  history.replaceState(null, '', path)
  const departures: string[] = []
  const client = createTokenHandler({ navigate: (url) => void departures.push(url) })
  void client.load()
  coverRestoredPage(client)
  const queryClient = createQueryClient(client, 0)
  const router = createBrowserRouter(createRoutes(client))
  const { unmount } = render(<App client={client} queryClient={queryClient} router={router} />)
  closers.push(() => {
    unmount()
    router.dispose()
    queryClient.clear()
  })
  return { user: userEvent.setup(), departures }
}

/** The browser follows the app to the authorization server, and comes back with its answer. */
export function completeLogin(
  departures: readonly string[],
  answer: Parameters<typeof agent.completeLogin>[1],
): OpenApp {
  const callback = new URL(agent.completeLogin(departures.at(-1) ?? '', answer))
  cleanup()
  return openApp(callback.pathname + callback.search)
}
