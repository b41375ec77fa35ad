// A port for a server that starts later.
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/**
 * Finds a free port below the range that systems hand out by themselves: nobody who asks for "any
 * port", or opens a connection, gets it until it is used.
 */
export async function findFreePort(): Promise<number> {
  const port = randomInt(20_000, 30_000)
  return (await isFree(port)) ? port : await findFreePort()
}
