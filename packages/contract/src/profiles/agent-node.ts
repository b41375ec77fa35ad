// Profile `agent-node`, the browser's half: the open source OAuth Agents for Node, Express and Next.js.
import type { Operation } from '../endpoints.ts'
import type { WireError } from '../error.ts'
import { isHttpUrl } from '../http-url.ts'
import { JSON_CONTENT_TYPE } from '../protocol.ts'
import type { LogoutResult, RefreshResult, SessionResult, StartLoginResult } from '../results.ts'
import { createAgentNodeConnection } from './agent-node-connection.ts'
import { isClaims, isForeign, isObject, readMembers, withoutPrototype } from './json.ts'
import type { Decoders, Json } from './json.ts'
import type { AgentRequest, ClientProfile, OperationInput } from './profile.ts'

/** Options of {@link agentNode}. */
export interface AgentNodeOptions {
  /** The header that carries the CSRF token: `x-<cookie prefix>-csrf`, e.g. `x-example-csrf`. */
  readonly csrfHeader: string
}

const headers = { accept: JSON_CONTENT_TYPE, 'content-type': JSON_CONTENT_TYPE }

function encodeRequest(operation: Operation, input: OperationInput = {}): AgentRequest {
  const { pageUrl = '', parameters = new URLSearchParams() } = input
  const post = (path: string, body?: unknown): AgentRequest => ({
    method: 'POST',
    path,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  switch (operation) {
    case 'session':
      // Without its query: whatever stands there is not for the agent.
      return post('/login/end', { pageUrl: pageUrl.replace(/[?#].*/, '') })
    case 'startLogin': {
      const extraParams = [...parameters].map(([key, value]) => ({ key, value }))
      return post('/login/start', extraParams.length > 0 ? { extraParams } : undefined)
    }
    case 'endLogin':
      return post('/login/end', { pageUrl: pageUrl.replace(/[?#].*/, '') + `?${parameters}` })
    case 'refresh':
      return post('/refresh')
    case 'logout':
      return post('/logout')
  }
  return operation satisfies never
}

/** The agent decodes the ID token as Latin-1, so claims come as UTF-8 read character by character. */
function repairText(text: string): string {
  const codes = Array.from(text, (character) => character.charCodeAt(0))
  if (codes.some((code) => code > 0xff)) return text
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(codes))
  } catch {
    return text
  }
}

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'

function decodeSession(body: Json): SessionResult | undefined {
  const { isLoggedIn, claims } =
    readMembers<Pick<SessionResult, 'isLoggedIn' | 'claims'>>(body, {
      isLoggedIn: ['isLoggedIn', isBoolean],
      claims: ['claims', isClaims],
    }) ?? {}
  if (isLoggedIn === undefined) return undefined
  if (claims === undefined) return { isLoggedIn }
  const repaired: unknown = JSON.parse(repairText(JSON.stringify(claims)))
  return { isLoggedIn, ...(isClaims(repaired) && { claims: withoutPrototype(repaired) }) }
}

function decodeStartLogin({
  authorizationRequestUrl: authorizationUrl,
}: Json): StartLoginResult | undefined {
  return isHttpUrl(authorizationUrl) ? { authorizationUrl } : undefined
}

function decodeLogout(body: Json): LogoutResult | undefined {
  if (isForeign(body, 'url')) return undefined
  return readMembers<LogoutResult>(body, { logoutUrl: ['url', isHttpUrl] })
}

const decoders: Decoders = {
  session: decodeSession,
  startLogin: decodeStartLogin,
  endLogin: decodeSession,
  refresh: (body): RefreshResult | undefined => (isForeign(body, 'csrf') ? undefined : {}),
  logout: decodeLogout,
}

function decodeError(body: unknown): WireError | undefined {
  if (!isObject(body)) return undefined
  const { code, message } = body
  if (typeof code !== 'string' || code === '') return undefined
  return { code, ...(typeof message === 'string' && { details: message }) }
}

/**
 * The wire profile of Curity's open source OAuth Agents: JSON bodies, a CSRF header, no session
 * endpoint and no word about lifetimes. The claims come from the ID token (`GET /claims`); for the
 * user info endpoint put `<agentUrl>/userInfo` among `apiUrls` and fetch it.
 *
 * @example
 * import { createTokenHandlerClient } from '@token-handler/client'
 * import { agentNode } from '@token-handler/client/agent-node'
 *
 * export const tokenHandler = createTokenHandlerClient({
 *   agentUrl: 'https://api.example.com/oauth-agent',
 *   apiUrls: ['https://api.example.com/api/'],
 *   profile: agentNode({ csrfHeader: 'x-example-csrf' }),
 * })
 */
export function agentNode({ csrfHeader }: AgentNodeOptions): ClientProfile {
  return {
    name: 'agent-node',
    headers: {},
    encodeRequest,
    decodeResult: (operation, body) => (isObject(body) ? decoders[operation](body) : undefined),
    decodeError,
    connect: () => createAgentNodeConnection({ csrfHeader, encodeRequest, decodeError }),
  }
}
