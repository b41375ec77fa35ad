// Taking a port on 127.0.0.1, and giving it back.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { takePort } from '@token-handler/reference-handler/fastify'
import type { PortWish } from '@token-handler/reference-handler/fastify'

/** Everything listens here only. */
export const LOOPBACK = '127.0.0.1'

/** The port that a server listens on. */
export function portOf(server: Server): number {
  const address = server.address()
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('The server does not listen on a port.')
}

/**
 * Listens on 127.0.0.1.
 *
 * @returns the port, which is another one than wished for when that was 0
 * @throws `PortTakenError` when another program has it
 */
export async function listen(server: Server, wish: PortWish): Promise<number> {
  await takePort(wish, () => once(server.listen(wish.port, LOOPBACK), 'listening'))
  return portOf(server)
}

/** Stops listening and cuts every connection. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

/** Holds a free port until it is closed, for a server that another process starts afterwards. */
export async function reservePort(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer()
  const port = await listen(server, { port: 0, service: 'a reservation', option: 'none' })
  return { port, close: () => close(server) }
}
