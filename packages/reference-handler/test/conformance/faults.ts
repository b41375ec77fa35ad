// Faults of an agent, to be planted between the conformance suite and an agent without them.
import { conformanceCases, runCase } from '@token-handler/conformance'
import type { Subject } from '@token-handler/conformance'
import { expect } from 'vitest'
import { spaOrigin } from '../support/browser.ts'
import { createCoreSubject } from './core-subject.ts'

/** How requests reach the subject. */
export type Send = Subject['send']
/** Puts a fault between the suite and the subject. */
export type Fault = (send: Send) => Send

/** Changes the answers' headers; `Set-Cookie` lines come one by one. */
export const changeHeaders =
  (change: (name: string, value: string, request: Request) => string | undefined): Fault =>
  (send) =>
  async (request) => {
    const { status, body, headers } = await send(request)
    const changed = [...headers].flatMap(([name, value]) => {
      const result = change(name, value, request)
      return result === undefined ? [] : [[name, result] satisfies [string, string]]
    })
    return new Response(body, { status, headers: changed })
  }

/** Changes the lines that set cookies, or takes them away. */
export const changeSetCookie = (
  change: (line: string, request: Request) => string | undefined,
): Fault =>
  changeHeaders((name, value, request) => (name === 'set-cookie' ? change(value, request) : value))

/** Changes what the subject gets to see of the requests' headers. */
export const changeRequestHeaders =
  (change: (headers: Headers) => void): Fault =>
  (send) =>
  (request) => {
    const headers = new Headers(request.headers)
    change(headers)
    return send(new Request(request, { headers }))
  }

/** Adds a line to the answers' headers. */
export const addHeader =
  (name: string, valueFor: (request: Request) => string | null | undefined): Fault =>
  (send) =>
  async (request) => {
    const { status, body, headers } = await send(request)
    const value = valueFor(request) ?? undefined
    const added: [string, string][] = value === undefined ? [] : [[name, value]]
    return new Response(body, { status, headers: [...headers, ...added] })
  }

/** Whether a request is not from the SPA. */
export const isForeign = ({ headers }: Request): boolean => headers.get('origin') !== spaOrigin

/** Allows every origin that asks, whatever it asks. */
export const reflectOrigin: Fault = (send) =>
  [
    addHeader('access-control-allow-origin', (request) =>
      isForeign(request) ? request.headers.get('origin') : undefined,
    ),
    addHeader('access-control-allow-credentials', (request) =>
      isForeign(request) ? 'true' : undefined,
    ),
    addHeader('access-control-allow-headers', () => 'token-handler-version,content-type'),
  ].reduce((sent, fault) => fault(sent), send)

/** Sets cookies without one of their attributes. */
export const withoutAttribute = (attribute: string): Fault =>
  changeSetCookie((line) => line.replace(`; ${attribute}`, ''))

/** Changes the answers' bodies. */
export const changeBody =
  (change: (body: string, request: Request) => string): Fault =>
  (send) =>
  async (request) => {
    const { status, body, headers } = await send(request)
    const text = body === null ? null : change(await new Response(body).text(), request)
    return new Response(text, { status, headers })
  }

/** Takes whatever state comes back for the state of the latest login. */
export const ignoreState: Fault = (send) => {
  let latest = ''
  return async (request) => {
    if (request.url.endsWith('/login/start')) {
      const response = await send(request)
      latest = /[?&]state=([\w-]+)/.exec(await response.clone().text())?.[1] ?? latest
      return response
    }
    const form = new URLSearchParams(await request.clone().text())
    if (!form.has('state')) return send(request)
    form.set('state', latest)
    return send(new Request(request.url, { method: 'POST', headers: request.headers, body: form }))
  }
}

/** Changes the forms that the subject gets to see. */
export const changeForm =
  (change: (form: URLSearchParams) => void): Fault =>
  (send) =>
  async (request) => {
    const text = await request.clone().text()
    if (text === '') return send(request)
    const body = new URLSearchParams(text)
    change(body)
    const { method, headers, url } = request
    return send(new Request(url, { method, headers, body }))
  }

/** Gives whoever signs in the session that the browser has already, instead of a new one. */
export const keepSessionIds: Fault = (send) => {
  const nameOf = (cookie: string): string => cookie.split('=', 1)[0] ?? ''
  /** Cookies by what they were before a login. */
  const successors = new Map<string, string>()
  return async (request) => {
    const cookies = (request.headers.get('cookie') ?? '').split('; ')
    const current = cookies.map((cookie) => successors.get(cookie) ?? cookie)
    const headers = new Headers(request.headers)
    headers.set('cookie', current.join('; '))
    const response = await send(new Request(request, { headers }))
    if (!request.url.endsWith('/login/end')) return response
    const issued = response.headers.getSetCookie().map((line) => line.split(';', 1)[0] ?? '')
    for (const cookie of cookies) {
      const successor = issued.find((candidate) => nameOf(candidate) === nameOf(cookie))
      if (successor !== undefined) successors.set(cookie, successor)
    }
    return response
  }
}

/** Requires the core to pass a case, and to fail it with a fault planted in front of it. */
export async function checkFound(id: string, plant: Fault): Promise<void> {
  const conformanceCase = conformanceCases.find((each) => each.id === id)
  if (conformanceCase === undefined) throw new Error(`There is no case ${id}.`)
  const sound = await createCoreSubject()
  expect(await runCase(conformanceCase, sound)).toEqual({ status: 'passed' })
  const subject = await createCoreSubject()
  const outcome = await runCase(conformanceCase, { ...subject, send: plant(subject.send) })
  expect(outcome).toMatchObject({ status: 'failed', cause: { name: 'ConformanceFailure' } })
}
