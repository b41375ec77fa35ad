// The agent as it answers over HTTP, below its path on Fastify.
import { describe, expect, it } from 'vitest'
import { origin, shareHandler } from './handler.ts'
import { openSocket, readUntil, requestText, sendRaw } from './raw-http.ts'

const handler = await shareHandler()

const form = 'Content-Type: application/x-www-form-urlencoded'
const send = (method: string, path: string, lines: readonly string[] = [], body = '') =>
  sendRaw(
    handler.port,
    requestText(method, `/oauth-agent${path}`, [...handler.goodLines, ...lines]) + body,
  )

describe('the agent on Fastify', () => {
  it('answers with exactly application/json', async () => {
    const answer = await send('GET', '/session')
    expect(answer).toMatchObject({ status: 200, body: '{"is_logged_in":false}' })
    expect(answer.headers['content-type']).toEqual(['application/json'])
    expect(answer.headers['cache-control']).toEqual(['no-store'])
    expect(answer.headers['access-control-allow-origin']).toEqual([origin])
  })

  it('sets each cookie with a header of its own', async () => {
    const answer = await send('POST', '/refresh')
    expect(answer.status).toBe(401)
    const cookies = answer.headers['set-cookie'] ?? []
    expect(cookies.length).toBeGreaterThan(1)
    expect(cookies.filter((cookie) => /^__Host-Http-th-[a-z]+=;/.test(cookie))).toEqual(cookies)
  })

  it('refuses a cookie of ours that comes twice, in two lines too', async () => {
    const name = '__Host-Http-th-session'
    for (const lines of [
      [`Cookie: ${name}=a; ${name}=b`],
      [`Cookie: ${name}=a`, `cookie: ${name}=b`],
    ]) {
      expect(await send('GET', '/session', lines)).toMatchObject({ status: 400 })
    }
  })

  it('reads form bodies, and refuses others', async () => {
    const formBody = await send(
      'POST',
      '/login/end',
      [form, 'Content-Length: 15'],
      'code=1&state=ab',
    )
    expect(formBody).toMatchObject({ status: 400, body: '{"error_code":"invalid_request"}' })
    const json = await send(
      'POST',
      '/login/end',
      ['Content-Type: application/json', 'Content-Length: 2'],
      '{}',
    )
    expect(json).toMatchObject({ status: 415, body: '{"error_code":"unsupported_media_type"}' })
    const broken = await send('POST', '/login/end', ['Content-Type: ;;', 'Content-Length: 2'], '{}')
    expect(broken).toMatchObject({ status: 415, body: '{"error_code":"unsupported_media_type"}' })
  })

  it('takes a form that does not come, announced or not, for an empty one', async () => {
    const announced = await send('POST', '/login/end', [form, 'Content-Length: 0'])
    expect(announced).toMatchObject({ status: 400, body: '{"error_code":"invalid_request"}' })
    expect(await send('POST', '/login/end', [form])).toMatchObject({
      status: announced.status,
      body: announced.body,
    })
  })

  it.each([
    ['announced', 'Content-Length: 100000', '', ''],
    ['in chunks', 'Transfer-Encoding: chunked', '186A0\r\n', '\r\n0\r\n\r\n'],
  ])(
    'refuses a body that is too large, %s, before its end, and the connection serves on',
    async (_title, line, start, end) => {
      const lines = handler.goodLines.filter((good) => !good.startsWith('Connection'))
      const socket = openSocket(handler.port)
      socket.write(requestText('POST', '/oauth-agent/login/end', [...lines, form, line]))
      socket.write(start + 'x'.repeat(20_000))
      expect(await readUntil(socket, 'payload_too_large')).toContain('HTTP/1.1 413')
      socket.write('x'.repeat(80_000) + end)
      socket.write(requestText('GET', '/oauth-agent/session', lines))
      expect(await readUntil(socket, 'is_logged_in')).toContain('HTTP/1.1 200')
      socket.destroy()
    },
  )

  it.each(['PUT', 'DELETE'])('does not know %s', async (method) => {
    expect(await send(method, '/session')).toMatchObject({ status: 405 })
  })
})
