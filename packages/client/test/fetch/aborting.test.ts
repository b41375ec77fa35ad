// Callers who do not want to wait any longer.
import { describe, expect, it } from 'vitest'
import { ORDERS, unauthorized } from '../support/fake-agent.ts'
import { createGate, settle } from '../support/gate.ts'
import { openSignedInPage } from '../support/page.ts'

describe('a caller who aborts', () => {
  it('before the request gets the reason, and nothing is sent', async () => {
    const { client, agent } = await openSignedInPage()
    const reason = new Error('changed my mind')
    const request = client.fetch(ORDERS, { signal: AbortSignal.abort(reason) })
    await expect(request).rejects.toBe(reason)
    expect(agent.calls('refresh')).toHaveLength(0)
  })

  it('before the request causes no refresh either, when the token is due', async () => {
    const { client, agent, tab } = await openSignedInPage()
    tab.advance(290_000)
    const reason = new Error('changed my mind')
    const request = client.fetch(ORDERS, { signal: AbortSignal.abort(reason) })
    await expect(request).rejects.toBe(reason)
    await settle()
    expect(agent.calls('refresh')).toHaveLength(0)
  })

  it.each(['init', 'Request'])(
    'during the refresh gets the reason; the refresh and the other callers go on (%s)',
    async (where) => {
      const { client, agent } = await openSignedInPage()
      const gate = createGate()
      let refreshed = false
      agent.answerApi(() => (refreshed ? { json: 'ok' } : unauthorized))
      agent.answer('refresh', async () => {
        await gate.passed
        refreshed = true
        return { json: {} }
      })
      const controller = new AbortController()
      const { signal } = controller
      const leaving =
        where === 'init'
          ? client.fetch(ORDERS, { signal })
          : client.fetch(new Request(ORDERS, { signal }))
      const staying = client.fetch(ORDERS)
      await settle()
      const reason = new Error('left the page')
      controller.abort(reason)
      await expect(leaving).rejects.toBe(reason)
      gate.open()
      expect((await staying).status).toBe(200)
      expect(agent.calls('refresh')).toHaveLength(1)
      expect(agent.apiCalls()).toHaveLength(3)
    },
  )

  it('during the second sending aborts that too', async () => {
    const { client, agent } = await openSignedInPage()
    const controller = new AbortController()
    const reason = new Error('too slow')
    agent.answerApi(() => {
      if (agent.calls('refresh').length === 0) return unauthorized
      controller.abort(reason)
      return createGate().passed.then(() => ({ json: 'ok' }))
    })
    await expect(client.fetch(ORDERS, { signal: controller.signal })).rejects.toBe(reason)
  })
})
