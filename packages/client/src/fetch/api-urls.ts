// Which requests are for the APIs behind the OAuth Proxy. Compared as parsed URLs, never as strings.
import { isPathWithin, isSamePath } from '../paths.ts'

const isWithin = (url: URL, base: URL): boolean =>
  url.origin === base.origin && isPathWithin(url.pathname, base.pathname)

/**
 * Whether a URL is an API's: equal origin, and below one of the paths at a segment boundary. The
 * agent's own endpoints never are, except what the app names one by one, such as user info.
 */
export function isApiUrl(url: URL, apiUrls: readonly URL[], agentUrl: URL): boolean {
  const isOfAgent = isWithin(url, agentUrl)
  return apiUrls.some(
    (base) =>
      isWithin(url, base) &&
      (!isOfAgent || (isWithin(base, agentUrl) && !isSamePath(base.pathname, agentUrl.pathname))),
  )
}
