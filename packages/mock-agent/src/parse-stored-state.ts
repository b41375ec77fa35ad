// Reading a state that an earlier page has stored. Any script of the page can write there, and so can an
// older version of the app, with other users.
import * as z from 'zod/mini'
import type { MockState } from './mock-state.ts'
import type { MockUsers, UserClaims, UserName } from './users.ts'

const accessToken = z.object({ number: z.number(), grant: z.number(), expiresAt: z.number() })
const login = z.object({ state: z.string(), startedAt: z.number() })

/** JSON leaves members out that are `undefined`, and states have them. */
const orUndefined = <T extends z.ZodMiniType>(schema: T) =>
  z.prefault(z.union([schema, z.undefined()]), undefined)

function createSchema<U extends MockUsers>(users: U) {
  const user = {
    user: z.custom<UserName<U>>((name) => typeof name === 'string' && Object.hasOwn(users, name)),
    claims: z.custom<UserClaims<U>>((claims) => typeof claims === 'object' && claims !== null),
  }
  const authentication = {
    ...user,
    authenticatedAt: z.number(),
    acr: z.exactOptional(z.string()),
  }
  const session = z.object({ ...user, refreshToken: z.number(), accessToken })
  const grant = z.object({
    ...authentication,
    number: z.number(),
    refreshToken: z.number(),
    previous: z.exactOptional(z.object({ refreshToken: z.number(), usedAt: z.number() })),
    isRevoked: z.boolean(),
  })
  const code = { code: z.string(), state: z.string(), authentication: z.object(authentication) }
  const renewal = { refreshToken: z.number(), session, keptUntil: z.number() }
  const authorizationServer = z.object({
    codes: z.array(z.object(code)),
    responses: z.array(z.object({ response: z.string(), query: z.string() })),
    grants: z.array(grant),
    issued: z.number(),
    expiredUpTo: z.number(),
  })
  return z.object({
    servers: z.object({
      authorizationServer,
      lastSignedIn: orUndefined(z.object(authentication)),
      renewals: z.array(z.object(renewal)),
      startedLogins: z.number(),
    }),
    browser: z.object({
      proxy: orUndefined(accessToken),
      session: orUndefined(session),
      logins: z.array(login),
    }),
    sealed: z.object({
      mockId: z.string(),
      keyVersion: z.number(),
      contents: z.object({
        proxy: z.record(z.string(), accessToken),
        session: z.record(z.string(), session),
        login: z.record(z.string(), login),
      }),
    }),
  })
}

/**
 * Reads a stored state.
 *
 * @param users - those there are now; a state that names others is dropped
 * @returns `undefined` for everything that is no state of this mock
 */
export function parseStoredState<U extends MockUsers>(
  text: string,
  users: U,
): MockState<U> | undefined {
  try {
    return createSchema(users).parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
