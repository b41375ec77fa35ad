// Ports for servers that start later, or more than once.
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/**
 * Finds free ports, no two alike, below those that systems hand out by themselves and those that the
 * end-to-end tests choose from: nobody who asks for "any port", or opens a connection, gets them until
 * they are used.
 */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = randomInt(12_000, 20_000)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

/** Finds a free port for what runs beside unit tests, out of a range of its own. */
export async function findFreePort(): Promise<number> {
  const port = randomInt(20_000, 30_000)
  return (await isFree(port)) ? port : await findFreePort()
}
