// Signed authorization responses (JARM): only what the authorization server has signed signs anybody in.
import type { CaseContext, ConformanceCase } from '../case.ts'
import { check } from '../failure.ts'
import { authenticate, checkSignedIn, performRefused } from '../steps.ts'

const CLAUSE = 'JWT Secured Authorization Response Mode for OAuth 2.0, section 2.4'

const encode = (text: string): string =>
  btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

const decode = (text: string): string => atob(text.replaceAll('-', '+').replaceAll('_', '/'))

/** The three parts of the signed response that a login has got. */
async function readResponse(context: CaseContext): Promise<readonly [string, string, string]> {
  const page = context.browser.open(context.subject.origin)
  const response = (await authenticate(context, page)).get('response')
  check(response !== null, 'the callback has no parameter "response"')
  const [header = '', payload = '', signature = ''] = response.split('.')
  return [header, payload, signature]
}

/** A case in which the browser of a login comes back with something else than was signed. */
const forgedResponse = (
  id: string,
  title: string,
  forge: (parts: readonly [string, string, string]) => URLSearchParams,
): ConformanceCase => ({
  id,
  title,
  clause: CLAUSE,
  needs: ['jarm'],
  run: async (context) => {
    const forged = forge(await readResponse(context))
    const page = context.browser.open(context.subject.origin)
    await performRefused(page, 'endLogin', 400, 'invalid_request', forged)
    await checkSignedIn(page, false)
  },
})

const asResponse = (...parts: readonly string[]): URLSearchParams =>
  new URLSearchParams({ response: parts.join('.') })

/** The parameters inside a signed response, as an authorization server without JARM would send them. */
function unwrap(payload: string): URLSearchParams {
  const claims: unknown = JSON.parse(decode(payload))
  check(typeof claims === 'object' && claims !== null, 'the signed response is no JSON object')
  const names = ['code', 'state', 'iss']
  return new URLSearchParams(
    Object.entries(claims)
      .filter(([name]) => names.includes(name))
      .map(([name, value]): [string, string] => [name, String(value)]),
  )
}

/** Signed responses, and what only looks like one. */
export const jarmCases: readonly ConformanceCase[] = [
  {
    id: 'signed-response-that-is-none',
    title: 'A signed response that is no JWT, or of nobody, is refused',
    clause: CLAUSE,
    needs: [],
    run: async (context) => {
      const page = context.browser.open(context.subject.origin)
      await authenticate(context, page)
      for (const response of ['', 'made-up', `${encode('{"alg":"none"}')}.${encode('{}')}.`]) {
        const parameters = new URLSearchParams({ response })
        await performRefused(page, 'endLogin', 400, 'invalid_request', parameters)
      }
      await checkSignedIn(page, false)
    },
  },
  forgedResponse(
    'signed-response-changed',
    'A signed response with one character of its signature changed is refused',
    ([header, payload, signature]) =>
      asResponse(header, payload, (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)),
  ),
  forgedResponse(
    'signed-response-without-signature',
    'A response that says that it needs no signature is refused',
    ([, payload]) => asResponse(encode('{"alg":"none"}'), payload, ''),
  ),
  forgedResponse(
    'plain-response-instead-of-signed',
    'Where responses are signed, the same parameters without a signature are refused',
    ([, payload]) => unwrap(payload),
  ),
]
