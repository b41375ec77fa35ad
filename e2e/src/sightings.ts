// All that a browser gets to see, written down to be searched.
import type { World } from './engine-world.ts'
import type { Sighting } from './leaks.ts'

/**
 * Reads what the browser of a world has seen so far: URLs and bodies of all that it asked of the app, the
 * agent and the API, event streams included, and what its pages wrote to the console.
 */
export function readSightings({ fronts, readConsole }: World): readonly Sighting[] {
  const exchanges = [...fronts.spa.exchanges(), ...fronts.handler.exchanges()]
  return [
    ...exchanges.map(({ url }) => ({ where: 'URL', text: url })),
    ...exchanges.map(({ url, readBody }) => ({ where: `body of ${url}`, text: readBody() })),
    ...(readConsole?.() ?? []).map((text) => ({ where: 'console', text })),
  ]
}
