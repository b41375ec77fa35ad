// What the client under test remembers of an agent in the storage of the page. With virtual cookies the mock is
// the browser too, and a fresh one has an empty storage.

const areas = ['localStorage', 'sessionStorage'] as const

/** What silent sign-ins keep of the tab, whichever the agent is. */
const SILENT_LOGIN = 'token-handler:silentLogin'

/** A test may have put something in the place of the page that has no storage. */
function findStorage(area: (typeof areas)[number]): Storage | undefined {
  return 'document' in globalThis && area in globalThis ? globalThis[area] : undefined
}

/** Removes what clients of this agent have stored, where there is a page. Other apps' items stay. */
export function forgetStoredByClients(agentUrl: string): void {
  for (const area of areas) {
    const storage = findStorage(area)
    if (!storage) continue
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index))
    for (const key of keys) {
      if (key === null) continue
      if (key.startsWith(`token-handler:${agentUrl}:`) || key === SILENT_LOGIN)
        storage.removeItem(key)
    }
  }
}

/** As a sign-in does: the next page asks the agent, even if the last one has found that nobody is signed in. */
export function forgetLoggedInFlag(agentUrl: string): void {
  findStorage('localStorage')?.removeItem(`token-handler:${agentUrl}:isLoggedIn`)
}
