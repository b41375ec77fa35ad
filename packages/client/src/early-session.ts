// The entry `./early-session`, for build tools: the script for a page's head that asks for the session while the app's
// own scripts are still on their way.
import { tokenHandler1 } from '@token-handler/contract'
import { DEFAULT_AGENT_URL } from './options.ts'

/** JSON that ends no script element. */
const toScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c')

/**
 * Makes the content of an inline `<script>`, to stand in the head of `index.html` after its `<base>`, if any. It sends
 * `GET /session` at once when this browser knew a user last, by the isLoggedIn flag; `load()` then takes the answer
 * instead of asking for itself. Visitors cause no request, and neither does a page that a sign-in comes back to. An
 * answer is taken once, by the client of the same agent, within 15 seconds, and only if no tab has signed in, out or
 * refreshed since; one that is not taken, or fails, changes nothing. The profile is `token-handler-1`.
 *
 * The script depends on `agentUrl` alone, so its hash can stand in a Content-Security-Policy.
 *
 * @param agentUrl - the client's option. Default: `/oauth-agent`
 * @see {@link https://www.w3.org/TR/CSP3/#script-src-hash Content Security Policy Level 3, script-src hashes}
 *
 * @example
 * const script = earlySessionScript('https://api.example.com/oauth-agent')
 * const html = template.replace('</head>', (end) => `<script>${script}</script>${end}`)
 */
export function earlySessionScript(agentUrl: string = DEFAULT_AGENT_URL): string {
  const { method, path, headers } = tokenHandler1.encodeRequest('session')
  const init = { method, headers, credentials: 'include', cache: 'no-store', redirect: 'manual' }
  // A block, so that no name becomes a global. What storage refuses, or an old browser lacks, ends it.
  return `try {
  const agent = new URL(${toScript(agentUrl)}, document.baseURI).href.replace(/\\/+$/, "")
  const read = (name) => localStorage.getItem("token-handler:" + agent + ":" + name)
  const notice = read("session")
  if (notice && /^true:/.test(read("isLoggedIn")) && !/[?&](code|error|response)=/.test(location.search)) {
    const signal = AbortSignal.timeout(15000)
    const answer = fetch(agent + ${toScript(path)}, { ...${toScript(init)}, signal })
    answer.catch(() => {})
    window.tokenHandlerEarly = { ...window.tokenHandlerEarly, [agent]: { at: Date.now(), notice, answer } }
  }
} catch {}`
}
