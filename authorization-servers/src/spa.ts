// The SPA: calls the agent and the proxy as a page of its origin does, with cookies of its own.
import { VERSION_HEADER } from '@token-handler/contract'
import { CookieJar } from 'tough-cookie'
import * as z from 'zod'

/** What an operation of the agent, or the proxy, answered. */
export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  /** Name and value of the cookies it set; those it removed have an empty value. */
  readonly cookies: readonly string[]
}

/** A page of the SPA. */
export interface Spa {
  readonly startLogin: (parameters?: Record<string, string>) => Promise<string>
  /** @param callback - the URL that the authorization server redirected to */
  readonly endLogin: (callback: string) => Promise<Answer>
  readonly session: () => Promise<Answer>
  readonly refresh: () => Promise<Answer>
  readonly logout: () => Promise<Answer>
  readonly callApi: () => Promise<Answer>
  /** Another browser with the same cookies, which changes none of this one, at any instance of the handler. */
  readonly copy: (handlerUrl?: string) => Spa
}

const started = z.object({ authorization_url: z.string() })

/**
 * Opens a page of the SPA.
 *
 * @param handlerUrl - where the handler listens
 * @param origin - of the SPA
 * @param jar - the browser's cookies
 */
export function openSpa(handlerUrl: string, origin: string, jar = new CookieJar()): Spa {
  async function call(
    method: string,
    path: string,
    form?: Record<string, string>,
  ): Promise<Answer> {
    const url = handlerUrl + path
    const response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        origin,
        [VERSION_HEADER]: '1',
        cookie: await jar.getCookieString(url),
      },
      body: form === undefined ? null : new URLSearchParams(form),
    })
    const lines = response.headers.getSetCookie()
    for (const line of lines) await jar.setCookie(line, url)
    const cookies = lines.map((line) => line.split(';')[0] ?? '')
    return { status: response.status, body: Object(await response.json()), cookies }
  }

  return {
    async startLogin(parameters = {}) {
      const { status, body } = await call('POST', '/oauth-agent/login/start', parameters)
      const parsed = started.safeParse(body)
      if (!parsed.success) throw new Error(`login/start: ${status} ${JSON.stringify(body)}`)
      return parsed.data.authorization_url
    },
    endLogin: (callback) =>
      call('POST', '/oauth-agent/login/end', Object.fromEntries(new URL(callback).searchParams)),
    session: () => call('GET', '/oauth-agent/session'),
    refresh: () => call('POST', '/oauth-agent/refresh'),
    logout: () => call('POST', '/oauth-agent/logout'),
    callApi: () => call('GET', '/api/me'),
    copy: (otherUrl = handlerUrl) => openSpa(otherUrl, origin, jar.cloneSync()),
  }
}
