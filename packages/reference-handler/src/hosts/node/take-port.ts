// Taking a port, and saying what to do when it is taken.

/** A port that a server wants. */
export interface PortWish {
  /** 0 for any free one. */
  readonly port: number
  /** The service that needs it, for the message when it is taken. */
  readonly service: string
  /** What changes it: an option or a variable. */
  readonly option: string
}

/** A port is taken by another program. The message says which port, which service needs it, and what to change. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError'
  readonly port: number
  /** The service that needs it. */
  readonly service: string

  constructor({ port, service, option }: PortWish, cause: unknown) {
    super(
      `Port ${port} is taken by another program, and ${service} needs it. Stop that program, or choose another port with ${option} (0 takes any free one).`,
      { cause },
    )
    this.port = port
    this.service = service
  }
}

const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

/**
 * Runs what takes a port.
 *
 * @param wish - the port and the service that needs it
 * @param take - listens on the port
 * @throws {@link PortTakenError} when another program has it
 *
 * @example
 * import { createServer } from 'node:http'
 * import { once } from 'node:events'
 * import { takePort } from '@token-handler/reference-handler/fastify'
 *
 * const server = createServer()
 * const wish = { port: 3000, service: 'the API', option: '--port' }
 * await takePort(wish, async () => {
 *   await once(server.listen(wish.port), 'listening')
 * })
 */
export async function takePort<T>(wish: PortWish, take: () => Promise<T>): Promise<T> {
  try {
    return await take()
  } catch (error) {
    throw isPortTaken(error) ? new PortTakenError(wish, error) : error
  }
}
