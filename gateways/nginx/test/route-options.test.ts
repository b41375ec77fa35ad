// What a route can say besides where it leads: no session needed, the browser's own Host, cookies of the API, no trace.
import { describe, expect, it } from 'vitest'
import { requestText, sendRaw } from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import { isPluginMissing } from '../src/programs.ts'
import { shareGateway } from '../src/shared-gateway.ts'

type Gateway = ReturnType<typeof shareGateway>

async function ask(gateway: Gateway, changed: (line: string) => string, more: string[] = []) {
  const lines = [...gateway.goodLines.map(changed).filter((line) => line !== ''), ...more]
  const answer = await sendRaw(gateway.port, requestText('GET', '/api/orders', lines))
  return { answer, received: gateway.upstreamRequests.at(-1)?.headers }
}
const unchanged = (line: string) => line
const withCookie = (cookie: string) => (line: string) => (line.startsWith('Cookie') ? cookie : line)

describe.skipIf(isPluginMissing())('a route with session: "optional", in nginx', () => {
  const gateway = shareGateway({}, {}, { changeRoute: { session: 'optional' } })

  it('forwards a request without a session without an access token, whatever the client says', async () => {
    const { answer, received } = await ask(gateway, withCookie(''), ['Authorization: Basic forged'])
    expect(answer.status).toBe(200)
    expect(received).not.toHaveProperty('authorization')
  })

  it('forwards a request with one with its access token', async () => {
    const { received } = await ask(gateway, unchanged)
    expect(received).toMatchObject({ authorization: 'Bearer the-access-token' })
  })

  it('refuses a cookie that is broken, or there twice: that is no request without a session', async () => {
    const [cookie = ''] = gateway.goodLines.filter((line) => line.startsWith('Cookie'))
    for (const broken of [`${cookie}x`, `${cookie}; ${cookie.slice('Cookie: '.length)}`]) {
      const { answer } = await ask(gateway, withCookie(broken))
      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toEqual(['Bearer error="invalid_token"'])
    }
    expect(gateway.upstreamRequests).toEqual([])
  })
})

describe.skipIf(isPluginMissing())('a route with preserveHost, in nginx', () => {
  const gateway = shareGateway({}, {}, { changeRoute: { preserveHost: true } })

  it('sends the API the Host of the browser, and makes its URLs those of the route', async () => {
    gateway.answerWith(({ headers }, response) => {
      response.setHeader('location', `http://${headers.host}/v1/orders/1`)
      response.end()
    })
    const { answer, received } = await ask(gateway, unchanged)
    expect(received).toMatchObject({ host: 'api.app.example' })
    expect(answer.headers['location']).toEqual(['/api/orders/1'])
  })
})

describe.skipIf(isPluginMissing())('a route with cookies, in nginx', () => {
  const gateway = shareGateway({}, {}, { changeRoute: { cookies: ['sticky'] } })

  it('sends those to the API, and none of ours', async () => {
    const [cookie = ''] = gateway.goodLines.filter((line) => line.startsWith('Cookie'))
    const { received } = await ask(gateway, withCookie(`${cookie}; sticky=1; theme=dark; stickyx`))
    expect(received?.cookie).toBe('sticky=1')
  })

  it('has the browser keep them for the path of the route, and for this host alone', async () => {
    gateway.answerWith((_request, response) => {
      response.setHeader('set-cookie', [
        'sticky=1; Domain=api.internal; Path=/v1/a; HttpOnly',
        'theme=dark; Path=/v1',
        '__Host-Http-th-at=planted',
      ])
      response.end()
    })
    const { answer } = await ask(gateway, unchanged)
    expect(answer.headers['set-cookie']).toEqual([
      'sticky=1; Path=/api/a; HttpOnly',
      'theme=dark; Path=/v1',
    ])
  })
})

describe.skipIf(isPluginMissing())('traceContext: "drop", in nginx', () => {
  const gateway = shareGateway({}, { server: { traceContext: 'drop' } })

  it('leaves the trace of a page where it is', async () => {
    const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const lines = [`Traceparent: ${trace}`, 'Tracestate: a=b', 'Baggage: a=b', 'X-Kept: 1']
    const { received } = await ask(gateway, unchanged, lines)
    expect(received).toMatchObject({ 'x-kept': '1' })
    for (const name of ['traceparent', 'tracestate', 'baggage'])
      expect(received).not.toHaveProperty(name)
  })
})
