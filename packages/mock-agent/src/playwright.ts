// Adapter for Playwright: a mock agent as a route of a page or of a browser context.
import type { MockAgent } from './mock-agent.ts'

/** What the adapter needs of Playwright's `Request`. */
export interface PlaywrightRequest {
  url(): string
  method(): string
  allHeaders(): Promise<Record<string, string>>
  postData(): string | null
  /** The frame whose address bar it is; Playwright throws where there is none, in a service worker for instance. */
  frame?(): { url(): string }
}

/** What the adapter needs of Playwright's `Route`. */
export interface PlaywrightRoute {
  request(): PlaywrightRequest
  fulfill(response: {
    status?: number
    headers?: Record<string, string>
    body?: string
  }): Promise<void>
  abort(errorCode?: string): Promise<void>
}

/** What the adapter needs of Playwright's `Page` or `BrowserContext`. */
export interface PlaywrightTarget {
  route(
    matches: (url: URL) => boolean,
    handler: (route: PlaywrightRoute) => Promise<void>,
  ): Promise<unknown>
}

/** `Set-Cookie` is the one header that there may be several of; Playwright wants them on lines of their own. */
function toRecord(headers: Headers): Record<string, string> {
  const setCookies = headers.getSetCookie()
  const others = [...headers].filter(([name]) => name !== 'set-cookie')
  const cookies = setCookies.length > 0 ? { 'set-cookie': setCookies.join('\n') } : {}
  return { ...Object.fromEntries(others), ...cookies }
}

/** The URL in the address bar of the page that sends a request. */
function pageUrlOf(request: PlaywrightRequest): string | undefined {
  try {
    return request.frame?.().url()
  } catch {
    return undefined
  }
}

/**
 * Makes a mock agent answer the requests of a page or browser context: the agent's, those of protected
 * resources, and the sign-in page. Everything else goes on as before. Bodies are sent as text.
 *
 * @param target - Playwright's `page` or `context`
 * @param agent - made by `createMockAgent`, in the test's own process; with the option `origin`, as there
 *   is no page there. With `cookies: 'real'` one mock serves several contexts
 *
 * @example
 * ```ts
 * test('orders', async ({ page }) => {
 *   await mockRoute(page, agent)
 *   await page.goto('https://www.example.com/orders')
 * })
 * ```
 */
export async function mockRoute(
  target: PlaywrightTarget,
  agent: Pick<MockAgent<never>, 'handles' | 'handle'>,
): Promise<void> {
  await target.route(
    (url) => agent.handles(new Request(url)),
    async (route) => {
      const request = route.request()
      const body = request.postData()
      const response = await agent.handle(
        new Request(request.url(), {
          method: request.method(),
          headers: await request.allHeaders(),
          credentials: 'include',
          ...(body !== null && { body }),
        }),
        pageUrlOf(request),
      )
      if (response === undefined || response.type === 'error') return route.abort('failed')
      await route.fulfill({
        status: response.status,
        headers: toRecord(response.headers),
        body: await response.text(),
      })
    },
  )
}
