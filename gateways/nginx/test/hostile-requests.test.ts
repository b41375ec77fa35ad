// Requests that no browser sends, to nginx with the plugin: what the handler refuses, and reaches no API.
import { describe, expect, it } from 'vitest'
import { describeHostileRequests } from '../../../packages/reference-handler/test/hosts/hostile-requests.ts'
import { requestText, sendRaw } from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import { isPluginMissing } from '../src/programs.ts'
import { shareGateway } from '../src/shared-gateway.ts'

/** docs/nginx.md explains them. */
const differs = [
  'an unknown method',
  // nginx reads what follows a request once the answer is complete, and not before.
  'what follows it',
  'a CONNECT that follows it',
  'what follows one that waits behind it',
]

describe.skipIf(isPluginMissing())('nginx with the plugin', () => {
  const gateway = shareGateway()
  describeHostileRequests(gateway, { differs })

  it('answers the preflight of a path that it refuses, so that the page can read why', async () => {
    const asked = 'Access-Control-Request-Method: PUT'
    const lines = [...gateway.goodLines, asked]
    const answer = await sendRaw(gateway.port, requestText('OPTIONS', '/api/a%2Fb', lines))
    expect(answer.status).toBe(204)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': ['https://www.app.example'],
      'access-control-allow-methods': ['PUT'],
    })
    const stranger = [
      'Host: api.app.example',
      'Origin: https://evil.example',
      asked,
      'Connection: close',
    ]
    const { headers } = await sendRaw(gateway.port, requestText('OPTIONS', '/api/a%2Fb', stranger))
    expect(headers).not.toHaveProperty('access-control-allow-origin')
    expect(gateway.upstreamRequests).toEqual([])
  })

  it('takes a method that it has never heard of for one that the route does not list', async () => {
    const answer = await sendRaw(gateway.port, requestText('STEAL', '/api', gateway.goodLines))
    expect(answer.status).toBe(405)
    expect(answer.body).toBe('{"error_code":"method_not_allowed"}')
    expect(gateway.upstreamRequests).toEqual([])
  })
})
