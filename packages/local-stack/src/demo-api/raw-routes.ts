// Routes that take any body as it comes: an upload that is streamed, and an echo.
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Counts and hashes a body without keeping it. */
async function digest(body: unknown): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  if (body instanceof Readable) {
    for await (const chunk of body) {
      if (!(chunk instanceof Uint8Array)) continue
      hash.update(chunk)
      bytes += chunk.length
    }
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** What the API received. Of `authorization` it shows the scheme, so that no token is shown. */
function echo({ method, raw, headers }: FastifyRequest): object {
  const [scheme] = (headers.authorization ?? '').split(' ')
  return { method, url: raw.url, headers: { ...headers, authorization: scheme } }
}

/** Adds the routes that parse no body. */
export function addRawRoutes(api: FastifyInstance): void {
  api.removeAllContentTypeParsers()
  api.addContentTypeParser('*', (_request, payload, done) => done(null, payload))

  api.post('/uploads', async (request, reply) => reply.code(201).send(await digest(request.body)))

  for (const url of ['/echo', '/echo/*']) {
    api.all(url, async (request) => {
      await digest(request.body)
      return echo(request)
    })
  }
}
