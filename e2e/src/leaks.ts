// Searching for secrets where none may be.
import type { Page } from 'playwright-core'

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
    for (const entry of navigation.entries()) see('history', [entry.url, entry.getState()])
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
