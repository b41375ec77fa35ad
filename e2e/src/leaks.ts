// Searching for secrets where none may be.
import type { Page } from './engines/engine.ts'
import { listenToOutput } from './output.ts'
import type { Servers } from './servers.ts'

/** Something the browser saw: where, and the text. */
export interface Sighting {
  readonly where: string
  readonly text: string
}

/** Where a secret was found; the secret itself is not repeated. */
export interface Leak {
  readonly where: string
}

/** Finds every text that holds one of the secrets, plain or as a URL or JSON would write it. */
export function findLeaks(texts: readonly Sighting[], secrets: ReadonlySet<string>): Leak[] {
  const forms = [...secrets].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ])
  return texts
    .filter(({ text }) => forms.some((form) => text.includes(form)))
    .map(({ where }) => ({ where }))
}

/**
 * Listens to what this process prints from now on.
 *
 * @returns how to end that, and to search it and the log of the servers; throws when a secret is found
 */
export function watchForSecrets(): (servers: Pick<Servers, 'log' | 'stack'>) => void {
  const output = listenToOutput()
  return ({ log, stack }) => {
    const texts = [
      ...log.map((text) => ({ where: 'log', text })),
      ...output.stop().map((text) => ({ where: 'stdout or stderr', text })),
    ]
    const leaks = findLeaks(texts, stack.issuedSecrets())
    if (leaks.length > 0) throw new Error(`Secrets were logged: ${JSON.stringify(leaks)}`)
  }
}

/** Reads everything that a page's scripts can reach and that outlives them, for its origin. */
export async function readBrowserStorage(page: Page): Promise<readonly Sighting[]> {
  return await page.evaluate(async () => {
    const sightings: { where: string; text: string }[] = []
    const see = (where: string, value: unknown): void => {
      sightings.push({
        where,
        text: typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
      })
    }
    see('location', location.href)
    see('document.cookie', document.cookie)
    see('history.state', history.state)
    // Not every engine lists what is in its history.
    const entries = 'navigation' in window ? navigation.entries() : []
    for (const entry of entries) see('history', [entry.url, entry.getState()])
    see('localStorage', Object.entries(localStorage))
    see('sessionStorage', Object.entries(sessionStorage))
    see('document', document.documentElement.outerHTML)
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        see('Cache Storage', request.url)
        see('Cache Storage', await (await cache.match(request))?.text())
      }
    }
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.addEventListener('success', () => resolve(opening.result))
        opening.addEventListener('error', () => reject(opening.error ?? new Error(name)))
      })
      for (const store of database.objectStoreNames) {
        const reading = database.transaction(store).objectStore(store).getAll()
        await new Promise((resolve) => reading.addEventListener('success', resolve))
        see('IndexedDB', reading.result)
      }
      database.close()
    }
    return sightings
  })
}
