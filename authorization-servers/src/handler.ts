// The real handler before a real authorization server, its log and its calls to the token endpoint recorded.
import { randomBytes } from 'node:crypto'
import { parseConfiguration } from '@token-handler/reference-handler'
import type { ConfigurationInput } from '@token-handler/reference-handler'
import {
  createLogger,
  createNodeFetch,
  createServer,
} from '@token-handler/reference-handler/fastify'
import type { AddressInfo } from 'node:net'

/** A call to the token endpoint, and what was answered. */
export interface TokenCall {
  readonly grantType: string
  /** The refresh token or code that was sent. */
  readonly sent: string
  readonly status: number
  /** The members of a JSON answer; none where it was none. */
  readonly answer: Readonly<Record<string, unknown>>
}

/** A handler that listens. */
export interface Handler {
  readonly url: string
  readonly tokenCalls: readonly TokenCall[]
  /** All lines of the log, one JSON object a line. */
  readonly log: () => string
  /** Moves the handler's clock. */
  readonly advance: (seconds: number) => void
  readonly stop: () => Promise<void>
}

/** Cookies of one instance are good at every other one. */
export const cookieSecret = randomBytes(48).toString('base64')

/**
 * Starts a handler on a free port.
 *
 * @param sendsUnknownRefreshTokens - whether each refresh token is replaced on its way by one that was
 *   never issued, as if the authorization server had forgotten it
 */
export async function startHandler(
  configuration: ConfigurationInput,
  sendsUnknownRefreshTokens = false,
): Promise<Handler> {
  const lines: string[] = []
  const tokenCalls: TokenCall[] = []
  const send = createNodeFetch()
  let ahead = 0

  const server = createServer(parseConfiguration(configuration), {
    logger: createLogger('debug', { write: (line: string) => void lines.push(line) }),
    now: () => Date.now() + ahead,
    async fetch(url, init) {
      const form = new URLSearchParams(init.body ?? '')
      if (sendsUnknownRefreshTokens && form.has('refresh_token')) {
        form.set('refresh_token', randomBytes(32).toString('hex'))
      }
      const response = await send(url, { ...init, body: init.body && form })
      const grantType = form.get('grant_type')
      if (grantType !== null) {
        const sent = form.get('refresh_token') ?? form.get('code') ?? ''
        const answer = await readMembers(response.clone())
        tokenCalls.push({ grantType, sent, status: response.status, answer })
      }
      return response
    },
  })
  await server.listen({ port: 0, host: '127.0.0.1' })
  const { port } = server.server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    tokenCalls,
    log: () => lines.join(''),
    advance: (seconds) => {
      ahead += seconds * 1000
    },
    stop: () => server.close(),
  }
}

async function readMembers(response: Response): Promise<Record<string, unknown>> {
  try {
    return Object(await response.json())
  } catch {
    return {}
  }
}
