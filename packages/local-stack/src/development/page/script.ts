// The script of the page: asks for the session, the cookies' sizes and the decisions. It puts text in, never markup.

/** Runs in browsers as it stands, so it is no TypeScript. */
export const script = `
const by = (id) => document.getElementById(id)
const add = (parent, name, text, className) => {
  const element = document.createElement(name)
  element.textContent = text
  if (className) element.className = className
  parent.append(element)
  return element
}
const agent = document.documentElement.dataset.agent
async function showSession() {
  const state = by('state')
  const claims = by('claims')
  try {
    const response = await fetch(agent + '/session', { headers: { 'token-handler-version': '1' } })
    const session = await response.json()
    claims.replaceChildren()
    if (!session.is_logged_in) { state.textContent = 'Nobody is signed in.'; return }
    state.textContent = session.access_token_expires_in === undefined
      ? 'Signed in.'
      : 'Signed in; the access token is good for ' + session.access_token_expires_in + ' seconds.'
    for (const [name, value] of Object.entries(session.id_token_claims ?? {})) {
      add(claims, 'dt', name)
      add(claims, 'dd', typeof value === 'string' ? value : JSON.stringify(value))
    }
  } catch {
    state.textContent = 'The agent does not answer.'
  }
}
async function showCookies() {
  const response = await fetch('/__token-handler/cookies')
  const sizes = by('sizes')
  const cookies = await response.json()
  sizes.replaceChildren()
  if (cookies.length === 0) add(sizes, 'li', 'None.')
  for (const { name, bytes } of cookies) {
    const row = add(sizes, 'li', '')
    add(row, 'code', name)
    add(row, 'span', bytes + ' bytes', 'number')
    const meter = add(row, 'meter', '')
    meter.max = 4096
    meter.high = 3500
    meter.value = bytes
    meter.setAttribute('aria-label', name)
  }
}
let waiting = false
function refresh() {
  if (waiting) return
  waiting = true
  requestAnimationFrame(async () => {
    await Promise.allSettled([showSession(), showCookies()])
    waiting = false
  })
}
const rows = by('rows')
const seen = new Set()
function show(decision) {
  if (seen.has(decision.id)) return
  seen.add(decision.id)
  const row = document.createElement('tr')
  add(row, 'td', new Date(decision.time).toLocaleTimeString(), 'number')
  add(row, 'td', decision.what)
  const failed = decision.status >= 400 || decision.code !== undefined
  add(row, 'td', decision.status ?? '', failed ? 'failed number' : 'number')
  add(row, 'td', [decision.code, decision.why].filter(Boolean).join(': '))
  rows.prepend(row)
  while (rows.children.length > 100) rows.lastChild.remove()
}
const events = new EventSource('/__token-handler/events')
events.onmessage = ({ data }) => {
  const decision = JSON.parse(data)
  show(decision)
  // The page's own question must not make it ask again.
  if (/\\/(?:login\\/end|logout|refresh)$/.test(decision.what)) refresh()
}
const live = by('live')
const text = live.textContent
events.onopen = () => { live.textContent = text }
events.onerror = () => { live.textContent = 'The dev server does not answer; trying again.' }
document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh() })
refresh()
`
