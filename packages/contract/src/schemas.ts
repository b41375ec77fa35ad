// The JSON bodies of profile `token-handler-1` as zod schemas: written once, parsed with by handler, mock and tests.
import * as z from 'zod/mini'
import { isHttpUrl } from './http-url.ts'

const httpUrl = z.string().check(z.refine(isHttpUrl, 'must be an absolute http or https URL'))
const seconds = z.number()

/** `GET /session` and `POST /login/end`. Seconds are remaining seconds; `null` counts as absent. */
export const sessionResponse = z.object({
  is_logged_in: z.boolean(),
  id_token_claims: z.nullish(z.record(z.string(), z.unknown())),
  access_token_expires_in: z.nullish(seconds),
  session_expires_in: z.nullish(seconds),
  is_device_bound: z.nullish(z.boolean()),
})

/** `POST /login/start`. */
export const startLoginResponse = z.object({
  authorization_url: httpUrl,
  state: z.nullish(z.string()),
})

/** An empty object, or one with such a member: what stands in front of an agent answers 200 with JSON of its own. */
const emptyOr = (...names: readonly string[]) =>
  z.custom<Readonly<Record<string, unknown>>>(
    (body) =>
      typeof body === 'object' &&
      body !== null &&
      (Object.keys(body).length === 0 || names.some((name) => name in body)),
  )

/** `POST /refresh`. */
export const refreshResponse = z.pipe(
  emptyOr('access_token_expires_in'),
  z.object({ access_token_expires_in: z.nullish(seconds) }),
)

/** `POST /logout`; some agents say with it what `GET /session` would. */
export const logoutResponse = z.pipe(
  emptyOr('logout_url', 'is_logged_in'),
  z.object({ logout_url: z.nullish(httpUrl) }),
)

/** Any error of agent or proxy. */
export const errorResponse = z.object({
  error_code: z.string().check(z.minLength(1)),
  detailed_error: z.nullish(z.string()),
})

/** JSON body of `session` and `endLogin` on the wire. */
export type SessionResponse = z.infer<typeof sessionResponse>
/** JSON body of `startLogin` on the wire. */
export type StartLoginResponse = z.infer<typeof startLoginResponse>
/** JSON body of `refresh` on the wire. */
export type RefreshResponse = z.infer<typeof refreshResponse>
/** JSON body of `logout` on the wire. */
export type LogoutResponse = z.infer<typeof logoutResponse>
/** JSON body of an error on the wire. */
export type ErrorResponse = z.infer<typeof errorResponse>
