// Where a sign-in may send the user back to: places inside this app, and nothing else.
import { isDevelopment } from '../development.ts'
import { isPathWithin, isSamePath } from '../paths.ts'
import type { Platform } from '../platform/platform.ts'

/** What the app is. */
export interface AppPlace {
  /** Any URL of the app. */
  readonly pageUrl: string
  readonly basePath: string
  readonly callbackPath: string | undefined
}

/**
 * Makes a target safe to hand to a router. It is parsed as a browser would parse it, so that control
 * characters, backslashes and dot segments cannot hide another host.
 *
 * @param target - a path of the app, or a URL
 * @returns path, query and hash; `undefined` when the target lies outside the app, or is the callback
 *   path, where the sign-in would start over
 */
export function sanitizeReturnTo(target: string, app: AppPlace): string | undefined {
  const { origin } = new URL(app.pageUrl)
  // A hash or a query alone is of the page, as in a link.
  if (!URL.canParse(target, app.pageUrl)) return undefined
  const url = new URL(target || '/', app.pageUrl)
  if (url.origin !== origin) return undefined
  const { pathname, search, hash } = url
  // `/.//evil.example` parses to `//evil.example`, which alone is a URL of another host.
  if (pathname.startsWith('//')) return undefined
  // This refuses `blob:` URLs too: they report the page's origin, but their path begins with no slash.
  if (!isPathWithin(pathname, app.basePath)) return undefined
  if (app.callbackPath !== undefined && isSamePath(pathname, app.callbackPath)) return undefined
  return pathname + search + hash
}

/**
 * Where a sign-in sends the user back to, for a target: there, or to the app's start. While somebody develops, the
 * console says so if the target was chosen by the app.
 */
export type ReadReturnTo = (target: string, isChosen?: boolean) => string

/** For one app. */
export function createReadReturnTo(
  platform: Platform,
  basePath: string,
  callbackPath: string | undefined,
): ReadReturnTo {
  return (target, isChosen) => {
    const place = sanitizeReturnTo(target, { pageUrl: platform.pageUrl(), basePath, callbackPath })
    if (isDevelopment && isChosen && place === undefined) {
      // Without its query, which may be somebody's data.
      const [path = ''] = target.split(/[?#]/)
      // oxlint-disable-next-line no-console -- nobody else would hear of it: the sign-in goes on.
      console.warn(
        `returnTo "${path}" lies outside the app, or is its callbackPath: the user comes back to "${basePath}". Paths begin with basePath; ` +
          'see https://github.com/token-handler/token-handler/blob/main/docs/routers.md#an-app-below-a-path',
      )
    }
    return place ?? basePath
  }
}
