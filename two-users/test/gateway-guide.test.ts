// The configurations of the guide do in the real programs what the guide says.
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { guideGateways, nginxUpstream, startGuideGateway } from '../src/guide-gateways.ts'
import { nginxSetup } from '../src/configurations.ts'
import { cookieName, cookieOf, startApi, startHandler } from '../src/handler-site.ts'
import type { Api } from '../src/handler-site.ts'
import { isMissing } from '../src/programs.ts'

const origin = 'https://www.example.com'
const ends: (() => Promise<unknown>)[] = []
const close = async () => {
  for (const end of ends.splice(0).toReversed()) await end()
}

let api: Api
let streams: ServerResponse[] = []
type Handler = Awaited<ReturnType<typeof startHandler>>
let handler: Handler

const start = async (port?: number): Promise<Handler> =>
  startHandler(api.port, {}, { origins: [origin], ...(port !== undefined && { port }) })

async function stop({ server }: Handler): Promise<void> {
  server.server.closeAllConnections()
  await server.close()
}

beforeAll(async () => {
  api = await startApi((user, { url }, response) => {
    if (!url?.endsWith('/events')) return response.end(`${user} at ${url}`)
    response.setHeader('content-type', 'text/event-stream')
    response.write('data: first\n\n')
    return streams.push(response)
  })
  handler = await start()
})
afterAll(async () => {
  await stop(handler)
  api.server.closeAllConnections()
  api.server.close()
})
afterEach(close)

/** Asks over one line of HTTP/1.1, as Node sends it. */
async function ask(
  { port, isTls }: { port: number; isTls: boolean },
  path: string,
  cookie = '',
): Promise<IncomingMessage> {
  const headers = { host: 'www.example.com', 'token-handler-version': '1', cookie }
  const options = { host: '127.0.0.1', port, path, headers, agent: false as const }
  const sent = isTls
    ? httpsRequest({ ...options, servername: 'www.example.com', rejectUnauthorized: false })
    : httpRequest(options)
  const [answer] = (await once(sent.end(), 'response')) as [IncomingMessage]
  return answer
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of answer) text += String(chunk)
  return text
}

/** A cookie header of 8.7 kB with the session of alice. */
const longCookie = async () => `${cookieName}=${await cookieOf('alice')}; other=`.padEnd(8700, 'x')

describe.each(guideGateways)('$name as the guide has it', (gateway) => {
  const { program, isTls, headerSize, block } = gateway

  async function run(configuration = block) {
    const running = await startGuideGateway(gateway, configuration, [handler.port, handler.port])
    ends.push(running.stop)
    return { port: running.port, isTls }
  }

  it.skipIf(isMissing(program))('hands on agent and API, paths as they are', async () => {
    const place = await run()
    const session = await ask(place, '/oauth-agent/session')
    expect(await textOf(session)).toBe('{"is_logged_in":false}')
    const cookie = `${cookieName}=${await cookieOf('alice')}`
    const answer = await ask(place, '/api/a%20b?c=%2e', cookie)
    expect(await textOf(answer)).toBe('alice at /api/a%20b?c=%2e')
  })

  it.skipIf(isMissing(program))('lets a cookie header of more than 8 kB pass', async () => {
    const answer = await ask(await run(), '/api/orders', await longCookie())
    expect(await textOf(answer)).toBe('alice at /api/orders')
  })

  it.skipIf(isMissing(program))('passes events on as they come', async () => {
    streams = []
    const answer = await ask(await run(), '/api/events', `${cookieName}=${await cookieOf('alice')}`)
    const [chunk] = await once(answer, 'data')
    expect(String(chunk)).toBe('data: first\n\n')
    for (const stream of streams) stream.end()
  })

  it.skipIf(isMissing(program) || headerSize === undefined)(
    'needs the setting for such a header: by default the answer is 400',
    async () => {
      const answer = await ask(
        await run(block.replace(headerSize ?? '', '')),
        '/api/orders',
        await longCookie(),
      )
      expect(answer.resume().statusCode).toBe(400)
    },
  )
})

describe('nginx in front of two instances, as the guide has it', () => {
  it.skipIf(isMissing('nginx'))('answers while one after the other restarts', async () => {
    const one = await start()
    const two = await start()
    const site = `server { listen 127.0.0.1:0; location / { proxy_pass http://handler; proxy_set_header Host $http_host; } }`
    const gateway = {
      program: 'nginx',
      configure: (block: string, port: number, folder: string) =>
        nginxSetup(block + site.replace(':0;', `:${port};`), folder),
    }
    const running = await startGuideGateway(gateway, nginxUpstream, [one.port, two.port])
    ends.push(running.stop)
    const statuses = async () => {
      const all: (number | undefined)[] = []
      for (let time = 0; time < 8; time += 1) {
        const answer = await ask({ port: running.port, isTls: false }, '/oauth-agent/session')
        all.push(answer.resume().statusCode)
      }
      return new Set(all)
    }
    const fine = new Set([200])
    expect(await statuses()).toEqual(fine)
    await stop(one)
    expect(await statuses()).toEqual(fine)
    const again = await start(one.port)
    await stop(two)
    expect(await statuses()).toEqual(fine)
    await stop(again)
  })
})
