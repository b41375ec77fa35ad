// The open source OAuth Agent and its proxy, as far as a browser can tell: cookies, CSRF token, codes.
import type { Fetch } from '../../src/platform/platform.ts'
import { AGENT_URL, API_URL } from './fake-agent.ts'

export const CSRF_HEADER = 'x-example-csrf'
export const USER_INFO = `${AGENT_URL}/userInfo`

/** A request as it arrived. */
export interface AgentNodeCall {
  readonly path: string
  readonly method: string
  readonly body: unknown
  readonly csrf: string | null
}

export interface AgentNodeDouble {
  readonly fetch: Fetch
  readonly calls: readonly AgentNodeCall[]
  /** Another tab signs the user out and in again: every cookie is a new one. */
  readonly signInElsewhere: () => void
  readonly expireAccessToken: () => void
  /** The authorization server takes the refresh token no more. */
  readonly endSession: () => void
  /** What an operation answers next, whatever it would have answered; once. */
  readonly failNext: (path: string, status: number) => void
}

/** The browser's cookies of the agent. */
interface Cookies {
  readonly csrf: string
  readonly accessToken: 'valid' | 'expired'
  readonly refreshToken: 'valid' | 'used-up'
}

const reply = (status: number, body?: unknown): Response =>
  new Response(body === undefined ? null : JSON.stringify(body), { status })

const refuse = (status: number, code: string): Response => reply(status, { code, message: 'No.' })
const unauthorized = () => refuse(401, 'unauthorized_request')

/** What decoding UTF-8 as Latin-1 makes of a text. */
const garble = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

/** Nobody is signed in; the one user is called Åsa. */
export function createAgentNodeDouble(): AgentNodeDouble {
  const calls: AgentNodeCall[] = []
  const failures: { readonly path: string; readonly status: number }[] = []
  let cookies: Cookies | undefined
  let loginState: string | undefined
  let serial = 0

  const signIn = (): Cookies => {
    serial += 1
    return { csrf: `csrf-${serial}`, accessToken: 'valid', refreshToken: 'valid' }
  }

  function endLogin(pageUrl: string): Response {
    const { searchParams } = new URL(pageUrl)
    const state = searchParams.get('state')
    const error = searchParams.get('error')
    if (state === null) {
      return reply(200, {
        isLoggedIn: cookies !== undefined,
        handled: false,
        ...(cookies && { csrf: cookies.csrf }),
      })
    }
    if (error !== null) return refuse(error === 'login_required' ? 401 : 400, error)
    if (state !== loginState) return refuse(400, 'invalid_request')
    loginState = undefined
    cookies = signIn()
    return reply(200, { isLoggedIn: true, handled: true, csrf: cookies.csrf })
  }

  function operate(call: AgentNodeCall): Response {
    const isTrusted = cookies !== undefined && call.csrf === cookies.csrf
    switch (`${call.method} ${call.path}`) {
      case 'POST /login/start':
        loginState = `s${(serial += 1)}`
        return reply(200, {
          authorizationRequestUrl: `https://login.example.net/authorize?state=${loginState}`,
        })
      case 'POST /login/end':
        return endLogin((call.body as { pageUrl: string }).pageUrl)
      case 'GET /claims':
        return cookies ? reply(200, { sub: 'asa', name: garble('Åsa') }) : unauthorized()
      case 'GET /userInfo':
        if (!cookies) return unauthorized()
        if (cookies.accessToken === 'expired') return refuse(401, 'token_expired')
        return reply(200, { sub: 'asa', name: 'Åsa' })
      case 'POST /refresh':
        if (!cookies || !isTrusted) return unauthorized()
        if (cookies.refreshToken === 'used-up') {
          cookies = undefined
          return refuse(401, 'session_expired')
        }
        cookies = { ...cookies, accessToken: 'valid' }
        return reply(204)
      case 'POST /logout':
        if (!isTrusted) return unauthorized()
        cookies = undefined
        return reply(200, { url: 'https://login.example.net/logout' })
      default:
        return refuse(404, 'not_found')
    }
  }

  function proxy({ method, csrf }: AgentNodeCall): Response {
    const isSafe = method === 'GET' || method === 'HEAD'
    const isLetThrough =
      cookies?.accessToken === 'valid' && (isSafe || (csrf !== null && csrf === cookies.csrf))
    return isLetThrough ? reply(200, { ok: true }) : refuse(401, 'unauthorized')
  }

  return {
    calls,
    async fetch(input, init) {
      const request = new Request(input, init)
      const isApi = request.url.startsWith(`${API_URL}/`)
      const text = await request.text()
      const call = {
        path: request.url.slice((isApi ? API_URL : AGENT_URL).length),
        method: request.method,
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
        csrf: request.headers.get(CSRF_HEADER),
      }
      calls.push(call)
      const failure = failures.findIndex(({ path }) => path === call.path)
      const [failed] = failure < 0 ? [] : failures.splice(failure, 1)
      if (failed) return refuse(failed.status, 'server_error')
      return isApi ? proxy(call) : operate(call)
    },
    signInElsewhere() {
      cookies = signIn()
    },
    expireAccessToken() {
      if (cookies) cookies = { ...cookies, accessToken: 'expired' }
    },
    endSession() {
      if (cookies) cookies = { ...cookies, accessToken: 'expired', refreshToken: 'used-up' }
    },
    failNext: (path, status) => void failures.push({ path, status }),
  }
}
