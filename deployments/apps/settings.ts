// The app's settings, its client, and where it goes after a sign-in.
import { createTokenHandlerClient } from '@token-handler/client'
import type { TokenHandlerClient } from '@token-handler/client'
import type { Claims } from '@token-handler/contract'
import { pollSession } from '@token-handler/client/session-watch'
import type { AppSettings } from '../src/app-settings.ts'

declare global {
  interface Window {
    /** For the developer tools. */
    tokenHandler: TokenHandlerClient<Claims>
  }
}

export const settings = JSON.parse(
  document.documentElement.dataset['settings'] ?? '',
) as AppSettings

/** Creates the app's client. */
export function createClient(): TokenHandlerClient<Claims> {
  const { agentUrl, apiUrl, callbackPath, isShared } = settings
  const client = createTokenHandlerClient({
    agentUrl,
    apiUrls: [apiUrl],
    callbackPath,
    // "Signed out" is what this origin remembers; a user may have signed in at another one.
    ...(isShared && { loggedInFlag: false }),
  })
  // Tabs of one origin tell each other; of another origin's sign-out only the agent knows.
  if (isShared) pollSession(client, { every: 5 })
  window.tokenHandler = client
  return client
}

/** Goes where the user wanted to be, which may be another app's or the website's part of this origin. */
export function goTo(returnTo: string): void {
  const { basePath, links, websiteUrl } = settings
  // The website learns of the new session with the first request that carries it, and ends its own.
  if (websiteUrl !== undefined) void fetch(websiteUrl, { keepalive: true }).catch(() => undefined)
  const isOfAnother = links.some(({ url }) => {
    const { origin, pathname } = new URL(url)
    return origin === location.origin && pathname !== '/' && returnTo.startsWith(pathname)
  })
  if (isOfAnother || !returnTo.startsWith(basePath)) location.replace(returnTo)
  else history.replaceState(history.state, '', returnTo)
}

/** Asks the API, through the proxy. */
export async function countOrders(client: TokenHandlerClient<Claims>): Promise<string> {
  const response = await client.fetch(`${settings.apiUrl}/orders`)
  if (!response.ok) return `The API says ${response.status}.`
  const { orders } = (await response.json()) as { readonly orders: readonly unknown[] }
  return `${orders.length} orders`
}
