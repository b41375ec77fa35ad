// The pages of the mock authorization server, as a browser asks for them. Pure.
import type { ServerState } from '../agent/server-state.ts'
import { findUser } from '../users.ts'
import type { MockUsers, UserName } from '../users.ts'
import { answerSilently, authenticate, readAuthorizationRequest, respond } from './authorize.ts'
import type { AuthorizationAnswer } from './authorize.ts'
import { drawLoginPage, drawRedirect } from './login-page.ts'
import type { LoginChoice } from './login-page.ts'
import type { Authentication } from './state.ts'
import type { AuthorizationServerPage } from './urls.ts'

/** What the pages need to know. */
export interface PageContext<U extends MockUsers> {
  readonly users: U
  readonly issuer: string
  /** Who has signed in before with this browser. */
  readonly rememberedUser: Authentication<U> | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What is left of a visit to a page. */
export interface PageOutcome<U extends MockUsers> {
  readonly state: ServerState<U>
  readonly html: string
}

/** Opens a page of the authorization server. */
export function openPage<U extends MockUsers>(
  page: AuthorizationServerPage,
  url: string,
  state: ServerState<U>,
  context: PageContext<U>,
): PageOutcome<U> {
  if (page === 'authorize') return authorize(url, state, context)
  const home = new URL(url).searchParams.get('post_logout_redirect_uri') ?? context.issuer
  return { state, html: drawRedirect(home) }
}

/** Answers a silent request at once, and shows the sign-in page for any other. */
function authorize<U extends MockUsers>(
  url: string,
  state: ServerState<U>,
  { users, issuer, rememberedUser, now }: PageContext<U>,
): PageOutcome<U> {
  const request = readAuthorizationRequest(url)
  let server = state.authorizationServer
  const answerWith = (answer: AuthorizationAnswer<U>): string => {
    const responded = respond(server, issuer, request, answer)
    server = responded.server
    return responded.callbackUrl
  }

  if (request.isSilent) {
    const callbackUrl = answerWith(answerSilently(request, rememberedUser, now))
    return { state: { ...state, authorizationServer: server }, html: drawRedirect(callbackUrl) }
  }
  const choices = Object.keys(users).map((name): LoginChoice => {
    const user = findUser(users, name as UserName<U>)
    const authentication = authenticate(user, request, now)
    const { name: fullName } = user.claims
    return {
      label: typeof fullName === 'string' ? `${fullName} (${name})` : name,
      url: answerWith({ kind: 'authenticated', authentication }),
    }
  })
  const cancel = { label: 'Cancel', url: answerWith({ kind: 'error', error: 'access_denied' }) }
  const { acrValues, maxAge } = request
  const demands = [
    ...(acrValues.length > 0 ? [`The app asks for the level ${acrValues.join(' or ')}.`] : []),
    ...(maxAge === undefined ? [] : [`The app asks for a sign-in at most ${maxAge} s ago.`]),
  ]
  return {
    state: { ...state, authorizationServer: server },
    html: drawLoginPage({ users: choices, cancel, demands }),
  }
}
