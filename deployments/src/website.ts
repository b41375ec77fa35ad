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
import { handOn } from './hand-on.ts'

/** The website's own session cookie. */
export const OLD_COOKIE = 'sid'

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

  const oldUser = ({ headers: { cookie = '' } }: IncomingMessage): string | undefined =>
    cookie
      .split('; ')
      .filter((pair) => pair.startsWith(`${OLD_COOKIE}=`))
      .map((pair) => oldSessions.get(pair.slice(OLD_COOKIE.length + 1)))[0]

  /** The user's name, by the session of the token handler or else by the old one. */
  async function findUser(request: IncomingMessage): Promise<string | undefined> {
    const session = await readSession(request)
    if (session.status === 'authenticated') return String(session.claims['name'])
    return oldUser(request)
  }

  async function answer(
    request: IncomingMessage,
  ): Promise<{ readonly body: string; readonly headers?: Record<string, string> }> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/old-sign-in') {
      const id = randomBytes(16).toString('base64url')
      const user = demoUsers.find((candidate) => candidate.id === searchParams.get('user'))
      oldSessions.set(id, user?.name ?? 'nobody')
      const cookie = `${OLD_COOKIE}=${id}; Path=/; Secure; HttpOnly; SameSite=Lax`
      return { body: '<p>Signed in the old way</p>', headers: { 'set-cookie': cookie } }
    }
    const name = await findUser(request)
    const who = `<p>${name === undefined ? 'Nobody is known' : `The website knows ${escapeHtml(name)}`}</p>`
    const isProtected = pathname === '/profile'
    if (isProtected && name === undefined) return { body: '' }
    return { body: `<h1>Website</h1>${who}<a href="/new/">Shop</a><a href="/profile">Profile</a>` }
  }

  const server = createServer((request, response) => {
    if (request.url?.startsWith('/assets/') === true) return handOn(assets.port, request, response)
    void answer(request).then(
      ({ body, headers }) => {
        response.writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': policy,
          'cache-control': 'private, no-store',
          ...headers,
        })
        // Without a body the browser has to find out, and to come again.
        response.end(renderDocument(settings, body === '' ? tags : '', body))
      },
      () => response.writeHead(500).end(),
    )
    return undefined
  })
  const { port, stop } = await listen(server)
  return { port, stop: async () => void (await Promise.all([stop(), assets.stop()])) }
}
