// The backend of a dev server, on the page's own origin: agent, proxy, API, and a page that shows what they do.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { examineConfiguration } from '@token-handler/reference-handler/doctor'
import { createNodeFetch } from '@token-handler/reference-handler/fastify'
import type { DemoUser } from '../authorization-server/users.ts'
import { createDecisionLog } from './decision-log.ts'
import { forward, forwardUpgrade } from './forward.ts'
import { leadToOrigin } from './lead-to-origin.ts'
import type { DevelopmentOptions } from './options.ts'
import { PAGE_PATH, servePage } from './page/serve-page.ts'
import { readUsers } from './read-users.ts'
import { startHandler } from './start-handler.ts'
import type { DevelopmentHandler } from './start-handler.ts'

/** What a backend needs of its dev server. */
export interface BackendSurroundings {
  /** What paths of files are relative to. */
  readonly folder: string
  /** Gets a line for the developer when something fails. */
  readonly onTrouble: (message: string) => void
}

/** The backend of one dev server. */
export interface Backend {
  readonly users: readonly DemoUser[]
  /** The page about users, session and decisions. */
  readonly pagePath: string
  /** Starts everything; to be called once the page's origin is known. Rejects when something cannot start. */
  readonly start: (origin: string) => Promise<void>
  /** A Connect middleware. Requests for agent and API wait until the backend has started. */
  readonly middleware: (
    request: IncomingMessage,
    response: ServerResponse,
    next: () => void,
  ) => void
  /** Takes an upgrade that is for an API; `false` when it is not. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean
  readonly stop: () => Promise<void>
}

const contains = (parent: string, path: string): boolean =>
  path === parent || path.startsWith(`${parent}/`)

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split(/[?#]/, 1)[0] ?? '/'

/**
 * Creates the backend of a dev server. Nothing runs before {@link Backend.start}.
 *
 * @param options - see {@link DevelopmentOptions}
 * @throws `UsersError` when the users cannot be read
 *
 * @example
 * import { createServer } from 'node:http'
 * import { createBackend } from '@token-handler/local-stack/development'
 *
 * const backend = createBackend({}, { folder: '.', onTrouble: console.error })
 * const server = createServer((request, response) => {
 *   backend.middleware(request, response, () => response.end('<p>the app</p>'))
 * })
 * server.listen(5173, () => void backend.start('http://localhost:5173'))
 * @see {@link https://datatracker.ietf.org/doc/html/draft-ietf-oauth-browser-based-apps OAuth 2.0 for Browser-Based Applications}
 */
export function createBackend(
  options: DevelopmentOptions,
  { folder, onTrouble }: BackendSurroundings,
): Backend {
  const { agentPath = '/oauth-agent', apiPath = '/api' } = options
  const users = options.issuer === undefined ? readUsers(options.users, folder) : []
  const decisions = createDecisionLog(onTrouble)
  let origin: string | undefined
  let handler: DevelopmentHandler | undefined
  const started = createGate<DevelopmentHandler>()
  const lead = leadToOrigin(() => origin)
  const isOurs = (path: string): boolean => contains(agentPath, path) || contains(apiPath, path)

  async function handOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { url } = await started.promise
      forward(url, request, response)
    } catch {
      response.writeHead(503, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      response.end('{"error_code":"temporarily_unavailable"}')
    }
  }

  return {
    users,
    pagePath: PAGE_PATH,
    async start(pageOrigin) {
      origin = pageOrigin
      try {
        handler = await startHandler(options, { origin, users, write: decisions.write })
        started.resolve(handler)
      } catch (error) {
        started.reject(error)
        throw error
      }
      if (options.issuer !== undefined) void tellFindings(handler, onTrouble)
    },
    middleware(request, response, next) {
      const path = pathOf(request)
      if (isOurs(path)) void handOn(request, response)
      else if (contains(PAGE_PATH, path)) {
        const prefix = handler?.configuration.cookies.prefix ?? ''
        const { issuer } = options
        servePage(request, response, { users, decisions, agentPath, prefix, issuer })
      } else lead(request, response, next)
    },
    upgrade(request, socket, head) {
      if (!isOurs(pathOf(request)) || handler === undefined) return false
      forwardUpgrade(handler.url, request, socket, head)
      return true
    },
    stop: async () => await handler?.stop(),
  }
}

/** A promise, and what settles it. */
interface Gate<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
}

function createGate<T>(): Gate<T> {
  let settle: Omit<Gate<T>, 'promise'> | undefined
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject }
  })
  // Whoever waits is told; without anybody waiting it is no unhandled rejection.
  promise.catch(() => {})
  return {
    promise,
    resolve: (value) => settle?.resolve(value),
    reject: (reason) => settle?.reject(reason),
  }
}

/** What the doctor says of a real authorization server, its client and the API. */
async function tellFindings(
  { configuration }: DevelopmentHandler,
  tell: (message: string) => void,
): Promise<void> {
  const ports = { fetch: createNodeFetch(), now: Date.now }
  const { findings } = await examineConfiguration(configuration, ports)
  for (const { code, cause, mend } of findings) tell(`${code}: ${cause} ${mend}`)
}
