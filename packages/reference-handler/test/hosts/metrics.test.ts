// The metrics of a single handler: who answered, and how.
import { afterEach, describe, expect, it } from 'vitest'
import { startHandler } from './handler.ts'
import type { TestHandler } from './handler.ts'
import { openSocket, readUntil, requestText, sendRaw } from './raw-http.ts'

let handler: TestHandler
afterEach(async () => {
  await handler.close()
})

const count = 'token_handler_request_duration_seconds_count'

/** The port that the log says metrics are served on. */
const metricsPort = (log: string) => /"port":(\d+)[^\n]*serving metrics/.exec(log)?.[1]

const readMetrics = async () =>
  (await fetch(`http://127.0.0.1:${metricsPort(handler.logText())}/metrics`)).text()

const send = (target: string, method = 'GET') =>
  sendRaw(handler.port, requestText(method, target, handler.goodLines))

describe('metrics', () => {
  it('are not kept unless a port is named', async () => {
    handler = await startHandler()
    expect(handler.logText()).not.toContain('serving metrics')
    expect((await send('/metrics')).status).toBe(404)
  })

  it('count answers by who gave them, and are not served where pages can reach them', async () => {
    handler = await startHandler({ server: { metricsPort: 0 } })
    await send('/api/orders?secret=1')
    await send('/api/orders/2')
    await send('/api/%2e%2e/planted')
    await send('/oauth-agent/session')
    await send('/oauth-agent/planted')
    await send('/health')
    expect((await send('/metrics')).status).toBe(404)
    const text = await readMetrics()
    expect(text).toContain(`${count}{part="proxy",operation="",status="200"} 2\n`)
    expect(text).toContain(`${count}{part="proxy",operation="",status="400"} 1\n`)
    expect(text).toContain(`${count}{part="agent",operation="session",status="200"} 1\n`)
    expect(text).toContain(`${count}{part="agent",operation="other",status="404"} 1\n`)
    expect(text).toMatch(/_bucket\{part="proxy",operation="",status="200",le="\+Inf"\} 2\n/)
    expect(text).toMatch(/^process_resident_memory_bytes [1-9]\d+$/m)
    expect(text).not.toMatch(/planted|orders|secret|health/)
  })

  it('count malformed targets for the proxy, once each, and the log has a line of each', async () => {
    handler = await startHandler({ server: { metricsPort: 0 } })
    const targets = ['/api/%zz', '/%', '/oauth-agent/%zz']
    for (const target of targets) expect((await send(target)).status).toBe(400)
    expect(await readMetrics()).toContain(`${count}{part="proxy",operation="",status="400"} 3\n`)
    for (const path of targets) {
      const isItsLine = (line: string) => line.includes(`"path":"${path}"`)
      expect(handler.logText().split('\n').filter(isItsLine)).toHaveLength(1)
    }
  })

  it.each(['GET', 'HEAD', 'POST', 'QUERY'])('do not count probes: %s', async (method) => {
    handler = await startHandler({ server: { metricsPort: 0 } })
    await send('/health', method)
    await send('/ready?verbose', method)
    expect(await readMetrics()).not.toContain(`${count}{`)
  })

  it('count what only looks like the agent’s for the proxy', async () => {
    handler = await startHandler({ server: { metricsPort: 0 } })
    await send('/api/oauth-agent/session')
    await send('/oauth-agent/oauth-agent/session')
    const text = await readMetrics()
    expect(text).toContain(`${count}{part="proxy",operation="",status="200"} 1\n`)
    expect(text).toContain(`${count}{part="agent",operation="other",status="404"} 1\n`)
    expect(text).not.toContain('operation="session"')
  })

  it('count what becomes of device binding', async () => {
    handler = await startHandler({
      server: { metricsPort: 0 },
      refresh: { freshFor: 5 },
      deviceBinding: { mode: 'offer' },
    })
    await send('/oauth-agent/dbsc/register', 'POST')
    await send('/oauth-agent/dbsc/refresh', 'POST')
    await send('/oauth-agent/dbsc/refresh', 'POST')
    const text = await readMetrics()
    expect(text).toContain('token_handler_device_binding_total{event="not_registered"} 1\n')
    expect(text).toContain('token_handler_device_binding_total{event="ended"} 2\n')
    expect(text).toContain('token_handler_device_binding_total{event="proved"} 0\n')
    expect(text).toContain(`${count}{part="agent",operation="dbscRefresh",status="200"} 2\n`)
    expect(text).toContain(`${count}{part="agent",operation="dbscRegister",status="200"} 1\n`)
  })

  it('count answers that did not arrive', async () => {
    handler = await startHandler({ server: { metricsPort: 0 } })
    handler.answerWith((_request, response) => {
      response.write('half')
    })
    const socket = openSocket(handler.port)
    socket.write(requestText('GET', '/api/orders', handler.goodLines))
    await readUntil(socket, 'half')
    socket.destroy()
    await expect.poll(readMetrics, { timeout: 5000 }).toContain('status="lost"} 1\n')
  })
})
