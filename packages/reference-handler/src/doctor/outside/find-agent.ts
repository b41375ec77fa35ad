// Whether an agent answers at a URL, and where it is when it does not.
import type { Finding } from '../finding.ts'
import { describeNetworkError, isCertificateError, untrustedCertificate } from '../network-error.ts'
import { pageHeaders } from './send.ts'
import type { Answer, Send } from './send.ts'

/** The first answer of an agent, or why there is none. */
export type Meeting =
  | { readonly kind: 'met'; readonly answer: Answer }
  | { readonly kind: 'not met'; readonly finding: Finding }

/** Whether an answer is one of an agent: a session, or an error with a code. */
const isAgents = ({ status, json }: Answer): boolean =>
  status === 200
    ? typeof json?.['is_logged_in'] === 'boolean'
    : typeof json?.['error_code'] === 'string' && status !== 404

/** Asks for the session, as a page does first. Never rejects. */
export async function findAgent(agentUrl: string, origin: string, send: Send): Promise<Meeting> {
  const url = `${agentUrl}/session`
  const ask = (base: string) => send(`${base}/session`, { headers: pageHeaders(origin) })
  let answer
  try {
    answer = await ask(agentUrl)
  } catch (error) {
    const finding = isCertificateError(error)
      ? untrustedCertificate(agentUrl, error)
      : noConnection(url, error)
    return { kind: 'not met', finding }
  }
  // An error page in place of the agent's answer is told apart later.
  if (isAgents(answer) || answer.status === 403) return { kind: 'met', answer }
  if (answer.status >= 300 && answer.status < 400) {
    return { kind: 'not met', finding: redirects(url, answer) }
  }
  return { kind: 'not met', finding: await explain(agentUrl, answer, ask) }
}

async function explain(
  agentUrl: string,
  answer: Answer,
  ask: (base: string) => Promise<Answer>,
): Promise<Finding> {
  const { origin, pathname } = new URL(agentUrl)
  const answers = async (base: string): Promise<boolean> => {
    const other = await ask(base).catch(() => undefined)
    return other !== undefined && isAgents(other)
  }
  const saw = `GET ${agentUrl}/session was answered with ${answer.status}${answer.json === undefined ? ' and no JSON' : ''}`
  if (pathname !== '/' && (await answers(agentUrl + pathname))) {
    return {
      code: 'path_prefix_stripped',
      about: agentUrl,
      cause: `${saw}, and ${agentUrl}${pathname}/session by the agent: a gateway takes ${pathname} away before it hands the request on.`,
      mend: `Have the gateway keep the path (nginx: proxy_pass without a path and without a slash at its end), or set agentPath to what arrives.`,
    }
  }
  for (const candidate of ['/oauth-agent', '/auth', '']) {
    const base = origin + candidate
    if (base === agentUrl || !(await answers(base))) continue
    return {
      code: 'agent_not_found',
      about: agentUrl,
      cause: `${saw}: the agent is not there.`,
      mend: `Set agentUrl to ${base}, where the agent is, or agentPath to ${pathname}.`,
    }
  }
  const isHandler = typeof answer.json?.['error_code'] === 'string'
  return {
    code: 'agent_not_found',
    about: agentUrl,
    cause: isHandler
      ? `${saw}: a handler is there, and its agent has another path.`
      : `${saw}: what answers there is not the agent.`,
    mend: 'Compare agentUrl with agentPath in the configuration, and see where the gateway sends this path: it has to reach the handler as it is.',
  }
}

const noConnection = (url: string, error: unknown): Finding => ({
  code: 'no_connection',
  about: url,
  cause: `GET ${url} failed: ${describeNetworkError(error)}.`,
  mend: 'Start the handler, and see that name and port lead to it, or to the gateway in front of it.',
})

function redirects(url: string, answer: Answer): Finding {
  const [location = 'nowhere'] = answer.all('location')
  const target = URL.canParse(location, url) ? new URL(location, url).origin : location
  return {
    code: 'agent_redirects',
    about: url,
    cause: `GET ${url} was answered with ${answer.status}, which leads to ${target}.`,
    mend: 'Use the URL that answers itself, scheme and host included: pages cannot follow a redirect of a preflight.',
  }
}
