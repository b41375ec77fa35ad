// Starting a sign-in, and ending it by an answer that says no: what becomes of cookies, and of instances, on the way.
import type { Finding, Report } from '../finding.ts'
import { judgeLoginCookie, readSetCookie } from './login-cookie.ts'
import type { ReadCookie } from './login-cookie.ts'
import { findIssuers } from './find-issuers.ts'
import { pageHeaders } from './send.ts'
import type { Answer, Send } from './send.ts'

/** Sign-ins that are started, and how often each is ended: enough to meet both of two instances. */
const STARTS = 2
const ENDS = 4

/** What a sign-in is examined with. */
export interface LoginPlace {
  readonly agentUrl: string
  readonly origin: string
  /** Of the authorization server, when it is known. */
  readonly issuer?: string | undefined
  readonly send: Send
}

/**
 * Judges the answer to `login/start`, and goes on to `login/end`. The authorization server is told nothing: the
 * response that ends the sign-in says that the user refused.
 */
export async function examineLogin(place: LoginPlace, first: Answer): Promise<Report> {
  const { agentUrl } = place
  const cookies = first.all('set-cookie').map(readSetCookie)
  const login = cookies.find(({ name }) => /-login-[\w-]+$/.test(name))
  if (login === undefined) {
    const cause = `POST ${agentUrl}/login/start succeeded, and its answer sets no login cookie.`
    const mend = 'Have the gateway hand on every line of Set-Cookie.'
    return { findings: [{ code: 'set_cookie_stripped', about: agentUrl, cause, mend }], notes: [] }
  }
  const changed = judgeLoginCookie(login, agentUrl)
  if (changed.length > 0) return { findings: changed, notes: [] }

  const url = String(first.json?.['authorization_url'])
  const { searchParams } = new URL(url)
  const mode = searchParams.get('response_mode') ?? 'query'
  if (!searchParams.has('state') || mode !== 'query') {
    const why = mode === 'query' ? 'are pushed' : 'ask for signed responses'
    const note = `Whether all instances share their cookie secrets was not checked: the authorization requests ${why}.`
    return { findings: [], notes: [note] }
  }
  return await endLogins(place, first)
}

/** How the agent met an answer of the user that says no. */
type Ending = 'cookie missing' | 'cookie unreadable' | 'understood' | 'other'

async function endLogins(place: LoginPlace, first: Answer): Promise<Report> {
  const started = [first]
  while (started.length < STARTS) started.push(await startLogin(place))
  const url = String(first.json?.['authorization_url'])
  const issuers = await findIssuers(url, place)
  const endings: Ending[] = []
  for (const answer of started) {
    for (let count = 0; count < ENDS; count += 1) {
      endings.push(await endLogin(place, answer, issuers))
    }
  }
  const { agentUrl: about } = place
  if (endings.every((ending) => ending === 'cookie missing')) {
    const cause = `POST ${about}/login/end with the login cookie was answered as if there were none.`
    const mend = 'Have the gateway hand the header Cookie on to the handler, unchanged.'
    return { findings: [{ code: 'cookie_stripped', about, cause, mend }], notes: [] }
  }
  const isMixed = endings.includes('understood') && endings.includes('cookie unreadable')
  if (isMixed) return { findings: [differentSecrets(about, endings)], notes: [] }
  if (endings.every((ending) => ending === 'understood')) return { findings: [], notes: [] }
  const note =
    'Whether all instances share their cookie secrets is not known: give --config too, or wait a minute where sign-ins are limited.'
  return { findings: [], notes: [note] }
}

/** Starts a sign-in. */
export const startLogin = ({ agentUrl, origin, send }: LoginPlace): Promise<Answer> =>
  send(`${agentUrl}/login/start`, { method: 'POST', headers: pageHeaders(origin) })

async function endLogin(
  { agentUrl, origin, send }: LoginPlace,
  started: Answer,
  issuers: readonly string[],
): Promise<Ending> {
  const url = String(started.json?.['authorization_url'])
  const state = URL.canParse(url) ? new URL(url).searchParams.get('state') : null
  const login = started.all('set-cookie').map(readSetCookie).find(isLogin)
  if (state === null || login === undefined) return 'other'
  const [issuer] = issuers
  const body = new URLSearchParams({ error: 'access_denied', state })
  if (issuer !== undefined) body.set('iss', issuer)
  const answer = await send(`${agentUrl}/login/end`, {
    method: 'POST',
    headers: { ...pageHeaders(origin), cookie: `${login.name}=${login.value}` },
    body,
  })
  const code = answer.json?.['error_code']
  if (code === 'access_denied') return 'understood'
  if (code !== 'invalid_request') return 'other'
  const isCleared = answer.all('set-cookie').some((line) => line.startsWith(`${login.name}=`))
  return isCleared ? 'cookie unreadable' : 'cookie missing'
}

const isLogin = ({ name }: ReadCookie): boolean => /-login-[\w-]+$/.test(name)

function differentSecrets(about: string, endings: readonly Ending[]): Finding {
  const unreadable = endings.filter((ending) => ending === 'cookie unreadable').length
  return {
    code: 'different_cookie_secrets',
    about: 'cookies.secrets',
    cause: `Of ${endings.length} requests to ${about}/login/end with the same cookies, ${unreadable} were answered by an instance that cannot read them.`,
    mend: 'Give every instance the same cookies.secrets, in the same order; when you rotate them, first add the new one at the end everywhere, then move it to the front.',
  }
}
