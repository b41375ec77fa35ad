// The user's browser, as far as an authorization server's pages need one: cookies, redirects and forms over HTTP.
import { parse } from 'node-html-parser'
import type { HTMLElement } from 'node-html-parser'
import { CookieJar } from 'tough-cookie'
import { request } from 'undici'

const MAX_REDIRECTS = 10

const navigation = {
  accept: 'text/html',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

const FORM = 'application/x-www-form-urlencoded'

/** Where a navigation ended: on a page, or at a redirect to the SPA, which is not followed. */
export type Landing =
  | { readonly kind: 'page'; readonly page: Page }
  | { readonly kind: 'spa'; readonly url: string }

/** A page of the authorization server. */
export interface Page {
  readonly url: string
  readonly status: number
  readonly html: string
  /**
   * Submits a form of the page with all of its fields, as a click on its first button does.
   *
   * @param fields - what the user fills in, or picks: replaces fields of the form, or adds to them
   * @param selector - finds the form, or an element in it; by default the first form
   */
  readonly submit: (fields?: Fields, selector?: string) => Promise<Landing>
}

type Fields = Readonly<Record<string, string>>

/** A request. */
export interface BrowserRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A user's browser. */
export interface Browser {
  /** Goes to a URL, following redirects until a page or the SPA. */
  readonly open: (url: string) => Promise<Landing>
  /** A single request with the browser's cookies, as a script of the page at that origin sends it. */
  readonly send: (url: string, init?: BrowserRequest) => Promise<Response>
}

/**
 * Creates a browser with an empty cookie jar.
 *
 * @param spa - origin of the SPA: redirects to it end a navigation
 */
export function createBrowser(spa: string): Browser {
  const jar = new CookieJar()

  async function send(url: string, init: BrowserRequest = {}): Promise<Response> {
    const { method = 'GET', headers = {}, body = null } = init
    const cookie = await jar.getCookieString(url)
    // Not `fetch`: it says `Sec-Fetch-Mode: cors` of everything, and servers answer navigations otherwise.
    const answer = await request(url, {
      method,
      headers: { ...headers, ...(cookie !== '' && { cookie }) },
      body,
    })
    const received = new Headers()
    for (const [name, value] of Object.entries(answer.headers)) {
      for (const one of [value ?? []].flat()) received.append(name, one)
    }
    for (const line of received.getSetCookie()) {
      await jar.setCookie(line, url, { ignoreError: true })
    }
    return new Response(await answer.body.text(), {
      status: answer.statusCode,
      headers: received,
    })
  }

  async function navigate(url: string, init: BrowserRequest = {}): Promise<Landing> {
    let at = url
    let next = init
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      if (new URL(at).origin === spa) return { kind: 'spa', url: at }
      const response = await send(at, { ...next, headers: { ...navigation, ...next.headers } })
      const location = response.headers.get('location')
      if (location === null) return { kind: 'page', page: await readPage(at, response) }
      at = new URL(location, at).href
      next = {}
    }
    throw new Error(`More than ${MAX_REDIRECTS} redirects.`)
  }

  async function readPage(url: string, response: Response): Promise<Page> {
    const html = await response.text()
    const { status } = response
    return {
      url,
      status,
      html,
      submit: (fields = {}, selector = 'form') => {
        const found = parse(html).querySelector(selector)
        const form = found?.closest('form') ?? found
        if (!form) throw new Error(`No ${selector} on ${describePage({ url, status, html })}`)
        return submit(url, form, fields)
      },
    }
  }

  function submit(url: string, form: HTMLElement, fields: Fields): Promise<Landing> {
    const target = new URL(form.getAttribute('action') ?? '', url)
    const body = new URLSearchParams(readFields(form))
    for (const [name, value] of Object.entries(fields)) body.set(name, value)
    if (form.getAttribute('method')?.toLowerCase() !== 'post') {
      target.search = body.toString()
      return navigate(target.href)
    }
    const headers = { origin: target.origin, referer: url, 'content-type': FORM }
    return navigate(target.href, { method: 'POST', headers, body: body.toString() })
  }

  return { open: (url) => navigate(url), send }
}

/** Names and values that a form sends as it is, when its first button is clicked. */
function readFields(form: HTMLElement): [string, string][] {
  const button = form.querySelector('button:not([type=button]), input[type=submit]')
  const fields = form.querySelectorAll('input').filter((input) => {
    const type = input.getAttribute('type')?.toLowerCase()
    const isChoice = type === 'checkbox' || type === 'radio'
    return type !== 'submit' && type !== 'button' && (!isChoice || input.hasAttribute('checked'))
  })
  return [...fields, ...(button ? [button] : [])]
    .filter((field) => field.hasAttribute('name'))
    .map((field) => [field.getAttribute('name') ?? '', field.getAttribute('value') ?? ''])
}

/** A page for an error message: what a person would read of it. */
export function describePage({ url, status, html }: Omit<Page, 'submit'>): string {
  const { structuredText } = parse(html, { blockTextElements: { script: false, style: false } })
  const text = structuredText.replaceAll(/\s+/g, ' ').slice(0, 300)
  return `${status} ${new URL(url).pathname}: ${text}`
}

/** The page a navigation ended on. */
export function pageOf(landing: Landing): Page {
  if (landing.kind === 'page') return landing.page
  throw new Error('Expected a page, and the browser was sent back to the SPA.')
}

/** The URL of the SPA at which a navigation ended. */
export function callbackOf(landing: Landing): string {
  if (landing.kind === 'spa') return landing.url
  throw new Error(`Expected a redirect to the SPA, and landed on ${describePage(landing.page)}`)
}
