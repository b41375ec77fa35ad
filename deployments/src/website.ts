// A website with a session cookie of its own, on the way to the token handler: it accepts both sessions.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { demoUsers } from '@token-handler/local-stack'
import type { ReadSession } from '@token-handler/reference-handler'
import { listen } from 'e2e/listen'
import type { Listening } from 'e2e/listen'
import { startStaticServer } from 'react-spa/static-server'
import { contentSecurityPolicy, escapeHtml } from './app-settings.ts'
import type { AppSettings } from './app-settings.ts'
import { buildApp, renderDocument } from './build-apps.ts'
import { SIGNED_OUT_PATH } from './design.ts'
import { handOn } from './hand-on.ts'

/** The website's own session cookie. */
export const OLD_COOKIE = 'sid'

interface Answer {
  /** Empty if the browser has to find out who its user is, and to come again. */
  readonly body: string
  readonly status?: number
  readonly headers?: Record<string, string>
}

const oldCookie = (value: string, more = ''): string =>
  `${OLD_COOKIE}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax${more}`

/** Starts it on a free port: `/` is for everybody, `/profile` for users, `/old-sign-in?user=…` its former sign-in. */
export async function startWebsite(
  settings: AppSettings,
  readSession: ReadSession,
  folder: string,
): Promise<Listening> {
  const files = join(folder, 'gate')
  const tags = (await buildApp('gate', files))('/')
  const policy = contentSecurityPolicy(settings)
  const assets = await startStaticServer({ folder: files, port: 0, contentSecurityPolicy: policy })
  const oldSessions = new Map<string, string>()

  const oldIdOf = ({ headers: { cookie = '' } }: IncomingMessage): string | undefined =>
    cookie
      .split('; ')
      .find((pair) => pair.startsWith(`${OLD_COOKIE}=`))
      ?.slice(OLD_COOKIE.length + 1)

  /** Ends the old session, here and in the browser. */
  function endOldSession(id: string | undefined): Record<string, string> {
    if (id === undefined) return {}
    oldSessions.delete(id)
    return { 'set-cookie': oldCookie('', '; Max-Age=0') }
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const oldId = oldIdOf(request)
    if (pathname === '/old-sign-in') {
      const id = randomBytes(16).toString('base64url')
      const user = demoUsers.find((candidate) => candidate.id === searchParams.get('user'))
      oldSessions.set(id, user?.name ?? 'nobody')
      const headers = { 'set-cookie': oldCookie(id) }
      return { body: '<p>Signed in the old way</p>', headers }
    }
    // A link on another site leads here too: it can end an old session, which costs a sign-in, and nothing else.
    if (pathname === SIGNED_OUT_PATH) {
      return { body: '-', status: 303, headers: { ...endOldSession(oldId), location: '/new/' } }
    }
    const isProtected = pathname === '/profile'
    const session = await readSession(request)
    // The old cookie comes along from other sites, the new ones do not: it must not answer for them.
    const isUnknown = session.status === 'loading'
    if (isUnknown && (isProtected || oldId !== undefined)) return { body: '' }
    const isNew = session.status === 'authenticated'
    const name = isNew ? String(session.claims['name']) : oldSessions.get(oldId ?? '')
    if (isProtected && name === undefined) return { body: '' }
    const known = name === undefined ? 'Nobody is known' : `The website knows ${escapeHtml(name)}`
    const who = isUnknown ? '' : `<p>${known}</p>`
    return {
      body: `<h1>Website</h1>${who}<a href="/new/">Shop</a><a href="/profile">Profile</a>`,
      // One browser has one session: the new one takes the place of the old.
      headers: isNew ? endOldSession(oldId) : {},
    }
  }

  const server = createServer((request, response) => {
    if (request.url?.startsWith('/assets/') === true) return handOn(assets.port, request, response)
    void answer(request).then(
      ({ body, headers, status = 200 }) => {
        response.writeHead(status, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': policy,
          'cache-control': 'private, no-store',
          ...headers,
        })
        response.end(renderDocument(settings, body === '' ? tags : '', body))
      },
      () => response.writeHead(500).end(),
    )
    return undefined
  })
  const { port, stop } = await listen(server)
  return { port, stop: async () => void (await Promise.all([stop(), assets.stop()])) }
}
