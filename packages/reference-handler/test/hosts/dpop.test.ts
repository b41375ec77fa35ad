// Proofs of possession to a real API: each for one request, with its nonce, and one repetition at most.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { validInput } from '../configuration/valid-configuration.ts'
import { newKey, readProof } from '../support/dpop-keys.ts'
import { accessToken, startHandler } from './handler.ts'
import type { TestHandler } from './handler.ts'
import { openSocket, readUntil, requestText, sendRaw } from './raw-http.ts'
import { handshakeLines } from './web-socket-fixture.ts'

let running: TestHandler | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

async function start(): Promise<TestHandler> {
  running = await startHandler(
    { client: { ...validInput.client, dpopKeys: [newKey.privateJwk] } },
    { dpopKey: newKey.thumbprint, changeRoute: { webSocket: true } },
  )
  return running
}

const challenge = (nonce: string) => ({
  'www-authenticate': 'DPoP error="use_dpop_nonce", error_description="a nonce is needed"',
  'dpop-nonce': nonce,
})

/** An API that wants the newest of its nonces in each proof, and keeps all proofs that it got. */
function demandNonce(handler: TestHandler, nonces: string[]) {
  const proofs: Promise<Awaited<ReturnType<typeof readProof>>>[] = []
  const judge = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const proof = readProof(String(request.headers['dpop']))
    proofs.push(proof)
    const { payload } = await proof
    const [nonce = ''] = nonces
    if (payload['nonce'] === nonce && request.headers.authorization === `DPoP ${accessToken}`) {
      response.end('an order')
    } else {
      response.writeHead(401, challenge(nonce)).end('x'.repeat(100_000))
    }
  }
  handler.answerWith((request, response) => void judge(request, response))
  return { proofs: () => Promise.all(proofs) }
}

const send = ({ port, goodLines }: TestHandler, method = 'GET', lines: string[] = [], body = '') =>
  sendRaw(port, requestText(method, '/api/orders', [...goodLines, ...lines]) + body)

describe('an API that wants a nonce', () => {
  it.each(['GET', 'DELETE', 'POST'])(
    'is asked again once, with another proof, by %s without a body',
    async (method) => {
      const handler = await start()
      const { proofs } = demandNonce(handler, ['nonce-1'])
      expect(await send(handler, method)).toMatchObject({ status: 200, body: 'an order' })
      const [first, second, ...others] = await proofs()
      expect(others).toEqual([])
      expect(first?.payload).not.toHaveProperty('nonce')
      expect(second?.payload).toMatchObject({
        nonce: 'nonce-1',
        htm: method,
        htu: `http://127.0.0.1:${handler.upstreamPort}/v1/orders`,
      })
      expect(second?.payload.jti).not.toBe(first?.payload.jti)
    },
  )

  it('gets its nonce at once with the next request', async () => {
    const handler = await start()
    const { proofs } = demandNonce(handler, ['nonce-1'])
    await send(handler)
    await send(handler)
    expect((await proofs()).map(({ payload }) => payload['nonce'])).toEqual([
      undefined,
      'nonce-1',
      'nonce-1',
    ])
  })

  it('is not asked a third time: its answer goes to the page, without the nonce', async () => {
    const handler = await start()
    handler.answerWith((_request, response) => {
      response.writeHead(401, challenge(`nonce-${handler.upstreamRequests.length}`)).end()
    })
    const answer = await send(handler)
    expect(answer.status).toBe(401)
    expect(answer.headers).not.toHaveProperty('dpop-nonce')
    expect(handler.upstreamRequests).toHaveLength(2)
  })

  it('is not sent a body again, which is gone: the next request has the nonce', async () => {
    const handler = await start()
    demandNonce(handler, ['nonce-1'])
    const post = () => send(handler, 'POST', ['Content-Length: 4'], 'body')
    expect((await post()).status).toBe(401)
    expect(handler.upstreamRequests).toHaveLength(1)
    expect((await post()).status).toBe(200)
    expect(handler.upstreamRequests).toHaveLength(2)
  })

  it('and refuses for another reason is not asked again', async () => {
    const handler = await start()
    handler.answerWith((_request, response) => {
      response
        .writeHead(401, {
          'www-authenticate': 'DPoP error="invalid_token"',
          'dpop-nonce': 'nonce-1',
        })
        .end()
    })
    expect((await send(handler)).status).toBe(401)
    expect(handler.upstreamRequests).toHaveLength(1)
  })

  it('opens a WebSocket with the second handshake', async () => {
    const handler = await start()
    const nonces: unknown[] = []
    handler.upstream.on('upgrade', (request: IncomingMessage, socket) => {
      void readProof(String(request.headers['dpop'])).then(({ payload }) => {
        nonces.push(payload['nonce'])
        const lines = Object.entries(challenge('nonce-1')).map(
          ([name, value]) => `${name}: ${value}`,
        )
        socket.end(
          payload['nonce'] === undefined
            ? `HTTP/1.1 401 Unauthorized\r\n${lines.join('\r\n')}\r\ncontent-length: 0\r\n\r\n`
            : 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
        )
      })
    })
    const client = openSocket(handler.port)
    client.write(requestText('GET', '/api/live', handshakeLines(handler)))
    expect(await readUntil(client, '\r\n\r\n')).toContain('101 Switching Protocols')
    expect(nonces).toEqual([undefined, 'nonce-1'])
  })
})

it('a request that is repeated because its connection was dead has another proof', async () => {
  const handler = await start()
  const proofs: string[] = []
  handler.answerWith((request, response) => {
    proofs.push(String(request.headers['dpop']))
    if (proofs.length === 1) request.socket.destroy()
    else response.end('an order')
  })
  expect(await send(handler)).toMatchObject({ status: 200, body: 'an order' })
  const [first, second] = await Promise.all(proofs.map(readProof))
  expect(proofs).toHaveLength(2)
  expect(second?.payload.jti).not.toBe(first?.payload.jti)
})

it('neither token nor proof is in the log', async () => {
  const handler = await start()
  const { proofs } = demandNonce(handler, ['nonce-1'])
  await send(handler)
  await proofs()
  const proof = handler.upstreamRequests.map(({ headers }) => String(headers['dpop']))
  for (const secret of [accessToken, ...proof]) expect(handler.logText()).not.toContain(secret)
})
