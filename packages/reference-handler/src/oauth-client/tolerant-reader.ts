// Reads answers of the authorization server as what they mean, before the OAuth library checks them: real servers
// differ in status, content type, challenges and in how they write what is absent. The body decides.
import { isErrorCode, RefusedAnswer, UnavailableAnswer } from './classify-failure.ts'
import { isDefinite, means } from './error-meanings.ts'
import { parseObject } from './parse-object.ts'
import { noHeaders, wholeJson, wholeResponse } from './whole-response.ts'

type Members = Record<string, unknown>

/** Members of a token response that are numbers, in seconds, and that servers also write as text. */
const durations = [
  'expires_in',
  'refresh_token_expires_in',
  'refresh_expires_in',
  'refresh_token_timeout',
  'authorization_expires_in',
]

/** An OAuth error where the body has one, or else nothing. */
function readError({ error, error_description: description }: Members) {
  if (typeof error !== 'string' || !isErrorCode(error)) return undefined
  return { error, ...(typeof description === 'string' && { error_description: description }) }
}

/** `null` and `""` are what some servers write for what is absent. */
function withoutEmpty(members: Members): Members {
  const present = Object.entries(members).filter(([, value]) => value !== null && value !== '')
  return Object.fromEntries(present)
}

/** Seconds of ten years. What is longer is as good as endless, and fits into a date and a cookie. */
const LONGEST = 315_360_000

/** A duration as a number; what makes none says nothing. */
function readDuration(value: unknown): number | undefined {
  const isText = typeof value === 'string' && /^\d{1,12}(?:\.\d+)?$/.test(value.trim())
  const number = isText ? Number(value) : value
  return typeof number === 'number' && number >= 0 ? Math.min(number, LONGEST) : undefined
}

/** The members of a token response that are optional, or absent where they make no sense. */
function normalizeToken(members: Members): Members {
  const { scope } = members
  const optional: Members = {
    ...Object.fromEntries(durations.map((name) => [name, readDuration(members[name])])),
    scope: Array.isArray(scope) ? scope.join(' ') : onlyText(scope),
    refresh_token: onlyText(members['refresh_token']),
    id_token: onlyText(members['id_token']),
  }
  return { ...members, ...optional }
}

const onlyText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

/** The OAuth error of an answer in the form of RFC 6749 section 5.2, or `undefined` when it has none. */
function findError(members: Members, status: number): Response | undefined {
  const error = readError(members)
  if (error === undefined || (status >= 500 && !isDefinite(error.error))) return undefined
  return wholeJson(error, status >= 400 && status < 500 ? status : 400)
}

/**
 * Reads an answer as what it means and returns it in the form that the standard asks for.
 *
 * - An OAuth error in the body counts, whatever the status, the content type and `WWW-Authenticate` say.
 * - `null` and `""` count as absent, durations written as text as numbers, a list of scopes as scopes.
 * - Any 2xx with a valid body is a success, with the status that the standard names.
 *
 * @param response - its body is read
 * @param success - the status of a success: 200, or 201 for pushed authorization requests
 * @returns a success or an OAuth error as JSON; anything else as it came, for the library to refuse
 * @throws {UnavailableAnswer} for 429, 5xx and errors that may pass, with `Retry-After`
 * @throws {RefusedAnswer} for 400, 401 and 403 without an OAuth error in the body
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-5.2 RFC 6749 section 5.2}
 */
export async function readTolerantly(response: Response, success: 200 | 201): Promise<Response> {
  const { status, headers } = response
  const text = await response.text()
  const members = withoutEmpty(parseObject(text) ?? {})
  const isTransient = status === 429 || means(members['error'], 'later')
  // Tokens that were received are never thrown away: with rotation the session would be lost.
  const hasTokens = 'access_token' in members || 'refresh_token' in members
  if (hasTokens && (response.ok || isTransient)) {
    return wholeJson(normalizeToken(members), success)
  }
  const error = isTransient ? undefined : findError(members, status)
  if (error !== undefined) return error
  if (isTransient || status >= 500) {
    throw new UnavailableAnswer(status, headers.get('retry-after') ?? undefined)
  }
  if (status >= 200 && status < 300 && Object.keys(members).length > 0) {
    return wholeJson(normalizeToken(members), success)
  }
  if (status === 400 || status === 401 || status === 403) throw new RefusedAnswer(status)
  return wholeResponse(status, headers, text)
}

/**
 * Reads the answer to a revocation request: any 2xx is a success.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009#section-2.2 RFC 7009 section 2.2}
 */
export async function readRevocation(response: Response): Promise<Response> {
  if (response.ok) {
    await response.body?.cancel()
    return wholeResponse(200, noHeaders, '')
  }
  return await readTolerantly(response, 200)
}
