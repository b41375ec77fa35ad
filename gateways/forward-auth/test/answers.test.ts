// What an API answers reaches the browser filtered, through each gateway: cookies, CORS, caches, the host's headers.
import { describe, expect, it } from 'vitest'
import { origin } from '../../../packages/reference-handler/test/hosts/handler.ts'
import {
  openSocket,
  parseAnswer,
  readUntil,
  requestText,
} from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import { guideGateways, isGatewayMissing } from '../src/gateways.ts'
import { shareGateway } from '../src/shared-gateway.ts'

for (const gateway of guideGateways) {
  describe.skipIf(isGatewayMissing(gateway))(`${gateway.name}, asking the handler`, () => {
    const shared = shareGateway(gateway)

    async function answerWith(headers: Readonly<Record<string, string | readonly string[]>>) {
      shared.answerWith((_request, response) => {
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        response.end('of the API')
      })
      const socket = openSocket(shared.port)
      socket.write(requestText('GET', '/api', shared.goodLines))
      const answer = parseAnswer(await readUntil(socket, 'of the API'))
      socket.destroy()
      expect([answer.status, answer.body]).toEqual([200, 'of the API'])
      expect(shared.upstreamRequests).toHaveLength(1)
      // The gateway has forwarded it itself, and did not leave it to the handler.
      expect(shared.handler.logText()).not.toContain('"path":"/api"')
      return answer.headers
    }

    it("keeps the names of the agent's cookies to the agent, and the bound cookie's", async () => {
      const names = ['__Host-Http-th-at', '__Host-Http-th-session', '__Host-th-bound']
      const ours = names.flatMap((name) => [
        `${name}=planted; Path=/`,
        ` ${name.toUpperCase()}=planted`,
      ])
      const headers = await answerWith({ 'set-cookie': [...ours, 'theme=dark'] })
      const cookies = (headers['set-cookie'] ?? []).filter((cookie) => cookie !== '')
      // nginx cannot tell cookies apart.
      expect(cookies).toEqual(gateway.program === 'nginx' ? [] : ['theme=dark'])
    })

    it('says of CORS what the handler says', async () => {
      const headers = await answerWith({
        'access-control-allow-origin': 'https://evil.example',
        'access-control-allow-credentials': 'false',
        'access-control-allow-private-network': 'true',
        'access-control-expose-headers': '*',
      })
      expect(headers['access-control-allow-origin']).toEqual([origin])
      expect(headers['access-control-allow-credentials']).toEqual(['true'])
      expect(headers).not.toHaveProperty('access-control-allow-private-network')
      expect(headers['access-control-expose-headers']).not.toEqual(['*'])
    })

    it.each(['public, max-age=60', 's-maxage=60', 'max-age=60', undefined])(
      'lets no cache share an answer that says %s',
      async (cache) => {
        const headers = await answerWith({
          ...(cache && { 'cache-control': cache }),
          'cdn-cache-control': 'public, max-age=60',
          'surrogate-control': 'max-age=60',
        })
        const said = (headers['cache-control'] ?? []).join(', ')
        expect(said).toContain('private')
        expect(said).not.toMatch(/public|s-maxage/)
        expect(headers).not.toHaveProperty('cdn-cache-control')
        expect(headers).not.toHaveProperty('surrogate-control')
        expect((headers['vary'] ?? []).join(', ')).toMatch(/cookie.*origin/i)
      },
    )

    it('lets no API weaken its own no-store', async () => {
      const headers = await answerWith({ 'cache-control': 'no-store' })
      expect((headers['cache-control'] ?? []).join(', ')).toContain('no-store')
    })

    it('says nothing for the host that the API says', async () => {
      const names = ['strict-transport-security', 'service-worker-allowed', 'alt-svc', 'dpop-nonce']
      const headers = await answerWith(Object.fromEntries(names.map((name) => [name, 'x'])))
      expect(Object.keys(headers).filter((name) => names.includes(name))).toEqual([])
    })
  })
}
