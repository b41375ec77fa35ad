// Taking a port on 127.0.0.1, and giving it back.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'

/** Everything listens here only. */
export const LOOPBACK = '127.0.0.1'

/** A port that a part of the stack wants. */
export interface PortWish {
  /** 0 for any free one. */
  readonly port: number
  /** Who wants it, for the message when it is taken. */
  readonly service: string
  /** The option of the stack that changes it. */
  readonly option: string
}

/** A port is taken by another program. The message says which one, who wants it, and what to change. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError'
  readonly port: number

  constructor({ port, service, option }: PortWish, cause: unknown) {
    super(
      `Port ${port} is taken by another program, and ${service} needs it. Stop that program, or choose another port with the option ${option} (0 takes any free one).`,
      { cause },
    )
    this.port = port
  }
}

const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

/**
 * Runs what takes a port.
 *
 * @param wish - the port and who wants it
 * @param take - listens on the port
 * @throws {@link PortTakenError} when another program has it
 */
export async function takePort<T>(wish: PortWish, take: () => Promise<T>): Promise<T> {
  try {
    return await take()
  } catch (error) {
    throw isPortTaken(error) ? new PortTakenError(wish, error) : error
  }
}

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
 * @throws {@link PortTakenError} when another program has it
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

/** Holds a free port until it is closed, for a server that somebody else starts afterwards. */
export async function reservePort(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer()
  const port = await listen(server, { port: 0, service: 'a reservation', option: 'none' })
  return { port, close: () => close(server) }
}
