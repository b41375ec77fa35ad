// Reading a state that an earlier page has stored. Anybody on the page can write there, and so can an
// older version of the app, with other users.
import type { Cookies, LoginCookie, SessionCookie } from './agent/cookies.ts'
import type { Renewal, ServerState } from './agent/server-state.ts'
import type {
  AccessToken,
  Authentication,
  AuthorizationServer,
  Grant,
} from './authorization-server/state.ts'
import type { MockState } from './mock-state.ts'
import type { MockUsers, UserClaims, UserName } from './users.ts'

type Check<T> = (value: unknown) => value is T

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isText = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => typeof value === 'number'
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'

const optional =
  <T>(isValue: Check<T>): Check<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || isValue(value)

const listOf =
  <T>(isItem: Check<T>): Check<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.every(isItem)

const recordOf =
  <T>(isValue: Check<T>): Check<Readonly<Record<string, T>>> =>
  (value): value is Readonly<Record<string, T>> =>
    isObject(value) && Object.values(value).every(isValue)

/** An object whose members are all checked, or the compiler complains. */
const objectOf =
  <T extends object>(members: { readonly [K in keyof T]-?: Check<T[K]> }): Check<T> =>
  (value): value is T =>
    isObject(value) &&
    Object.entries<Check<unknown>>(members).every(([name, isMember]) => isMember(value[name]))

const isAccessToken = objectOf<AccessToken>({
  number: isNumber,
  grant: isNumber,
  expiresAt: isNumber,
})

const isLogin = objectOf<LoginCookie>({ state: isText, startedAt: isNumber })

function createStateCheck<U extends MockUsers>(users: U): Check<MockState<U>> {
  const isUser = (value: unknown): value is UserName<U> =>
    isText(value) && Object.hasOwn(users, value)
  const isClaims = (value: unknown): value is UserClaims<U> => isObject(value)
  const authentication = {
    user: isUser,
    claims: isClaims,
    authenticatedAt: isNumber,
    acr: optional(isText),
  }
  const isAuthentication = objectOf<Authentication<U>>(authentication)
  const isSession = objectOf<SessionCookie<U>>({
    user: isUser,
    claims: isClaims,
    refreshToken: isNumber,
    accessToken: isAccessToken,
  })
  const isGrant = objectOf<Grant<U>>({
    ...authentication,
    number: isNumber,
    refreshToken: isNumber,
    previous: optional(objectOf({ refreshToken: isNumber, usedAt: isNumber })),
    isRevoked: isBoolean,
  })
  const isRenewal = objectOf<Renewal<U>>({
    refreshToken: isNumber,
    session: isSession,
    keptUntil: isNumber,
  })
  const isAuthorizationServer = objectOf<AuthorizationServer<U>>({
    codes: listOf(objectOf({ code: isText, state: isText, authentication: isAuthentication })),
    responses: listOf(objectOf({ response: isText, query: isText })),
    grants: listOf(isGrant),
    issued: isNumber,
    expiredUpTo: isNumber,
  })
  return objectOf<MockState<U>>({
    servers: objectOf<ServerState<U>>({
      authorizationServer: isAuthorizationServer,
      lastSignedIn: optional(isAuthentication),
      renewals: listOf(isRenewal),
      startedLogins: isNumber,
    }),
    browser: objectOf<Cookies<U>>({
      proxy: optional(isAccessToken),
      session: optional(isSession),
      logins: listOf(isLogin),
    }),
    sealed: objectOf<MockState<U>['sealed']>({
      mockId: isText,
      keyVersion: isNumber,
      contents: objectOf<MockState<U>['sealed']['contents']>({
        proxy: recordOf(isAccessToken),
        session: recordOf(isSession),
        login: recordOf(isLogin),
      }),
    }),
  })
}

/**
 * Reads a stored state.
 *
 * @param users - those there are now; a state that speaks of others is of no use
 * @returns `undefined` for everything that is no state of this mock
 */
export function readStoredState<U extends MockUsers>(
  text: string,
  users: U,
): MockState<U> | undefined {
  const isState = createStateCheck(users)
  try {
    const value: unknown = JSON.parse(text)
    return isState(value) ? value : undefined
  } catch {
    return undefined
  }
}
