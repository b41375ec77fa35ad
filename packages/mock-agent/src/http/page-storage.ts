// What the client under test remembers of an agent in the storage of the page. With virtual cookies the mock is
// the browser too, and a fresh one has an empty storage.

const areas = ['localStorage', 'sessionStorage'] as const

/** Removes what clients of this agent have stored, where there is a page. Other apps' items stay. */
export function forgetStoredByClients(agentUrl: string): void {
  if (!('document' in globalThis)) return
  for (const area of areas) {
    const storage = globalThis[area]
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index))
    for (const key of keys) {
      if (key?.startsWith(`token-handler:${agentUrl}:`)) storage.removeItem(key)
    }
  }
}
