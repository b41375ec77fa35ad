// A person with a browser, as far as the authorization server can tell: cookies, redirects, forms.
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Exchange {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | URLSearchParams
}

export interface Answer {
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** Sends one request to 127.0.0.1, whatever the host's name, and resolves when headers come back. */
export async function open(
  address: string | URL,
  exchange: Exchange = {},
): Promise<IncomingMessage> {
  const url = new URL(address)
  const body = exchange.body?.toString()
  const outgoing = request({
    host: '127.0.0.1',
    port: url.port,
    path: url.pathname + url.search,
    method: exchange.method ?? (body === undefined ? 'GET' : 'POST'),
    agent: false,
    headers: {
      host: url.host,
      ...(exchange.body instanceof URLSearchParams && {
        'content-type': 'application/x-www-form-urlencoded',
      }),
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
      ...exchange.headers,
    },
  })
  return new Promise((resolve, reject) => {
    outgoing.on('response', resolve)
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Sends one request, and follows nothing. */
export async function send(address: string | URL, exchange: Exchange = {}): Promise<Answer> {
  const incoming = await open(address, exchange)
  const headers = new Headers()
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  const status = incoming.statusCode ?? 0
  return { url: new URL(address), status, headers, body: await text(incoming) }
}

/** Reads a stream of server-sent events; each call resolves with what came up to an event's end. */
export function readEvents(incoming: IncomingMessage): () => Promise<string> {
  const chunks: AsyncIterator<unknown> = incoming.setEncoding('utf8')[Symbol.asyncIterator]()
  return async () => {
    let received = ''
    while (!received.endsWith('\n\n')) {
      const { done, value } = await chunks.next()
      if (done === true) throw new Error('The stream has ended.')
      received += String(value)
    }
    return received
  }
}

interface Cookie {
  readonly value: string
  readonly path: string
}

const unescape = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]
  return found === undefined ? undefined : unescape(found)
}

/** The forms of a page: where each goes, and what it sends when nobody touches it. */
export function formsOf({ url, body }: Answer): { action: string; fields: URLSearchParams }[] {
  return [...body.matchAll(/(<form[^>]*>)(.*?)<\/form>/gs)].map(([, tag = '', content = '']) => {
    const fields = new URLSearchParams()
    for (const [input] of content.matchAll(/<input[^>]*>/gs)) {
      fields.set(attribute(input, 'name') ?? '', attribute(input, 'value') ?? '')
    }
    return { action: new URL(attribute(tag, 'action') ?? '', url).href, fields }
  })
}

/** A browser nobody has used, with a cookie jar of its own. */
export function createVisitor() {
  const jar = new Map<string, Map<string, Cookie>>()

  function cookieHeader({ hostname, pathname }: URL): Record<string, string> {
    const cookies = [...(jar.get(hostname) ?? [])].filter(
      ([, { path }]) => pathname === path || pathname.startsWith(path.replace(/\/?$/, '/')),
    )
    if (cookies.length === 0) return {}
    return { cookie: cookies.map(([name, { value }]) => `${name}=${value}`).join('; ') }
  }

  function keepCookies(hostname: string, headers: Headers): void {
    const cookies = jar.get(hostname) ?? new Map<string, Cookie>()
    jar.set(hostname, cookies)
    for (const line of headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? []
      if (/expires=Thu, 01 Jan 1970|max-age=0\b/i.test(line)) cookies.delete(name)
      else cookies.set(name, { value, path: /path=([^;]*)/i.exec(line)?.[1] ?? '/' })
    }
  }

  async function exchange(address: string | URL, options: Exchange = {}): Promise<Answer> {
    const url = new URL(address)
    const headers = { ...cookieHeader(url), ...options.headers }
    const answer = await send(url, { ...options, headers })
    keepCookies(url.hostname, answer.headers)
    return answer
  }

  /** Goes to a URL and on through redirects, up to a page, or to a URL of the application. */
  async function visit(address: string | URL, form?: URLSearchParams): Promise<Answer> {
    const headers = { accept: 'text/html' }
    let answer = await exchange(address, { headers, ...(form && { body: form }) })
    while (answer.headers.has('location')) {
      const next = new URL(answer.headers.get('location') ?? '', answer.url)
      if (next.hostname === 'www.app.localhost') return { ...answer, url: next }
      answer = await exchange(next, { headers })
    }
    return answer
  }

  /** Fills in and submits the form of a page whose action ends so. */
  async function submit(
    page: Answer,
    actionEnd: string,
    values: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const form = formsOf(page).find(({ action }) => action.endsWith(actionEnd))
    if (form === undefined) throw new Error(`The page has no form for ${actionEnd}: ${page.body}`)
    for (const [name, value] of Object.entries(values)) form.fields.set(name, value)
    return visit(form.action, form.fields)
  }

  const cookieValues = (hostname: string): string[] =>
    [...(jar.get(hostname)?.values() ?? [])].map(({ value }) => value)

  return { cookieHeader, exchange, visit, submit, cookieValues }
}

export type Visitor = ReturnType<typeof createVisitor>
