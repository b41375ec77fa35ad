// What devtools are told.
import { describe, expect, it, vi } from 'vitest'
import type { TraceStep } from '../src/index.ts'
import { createTracer } from '../src/trace.ts'
import { expireAccessToken, networkError, ORDERS } from './support/fake-agent.ts'
import { START } from './support/fake-platform.ts'
import { settle } from './support/gate.ts'
import { openSignedInPage } from './support/page.ts'
import { openTabs } from './support/tabs.ts'

const kinds = (steps: readonly TraceStep[]) => steps.map(({ kind }) => kind)

describe('the trace', () => {
  it('tells the story of a call with an expired access token, in order', async () => {
    const { client, agent } = await openSignedInPage()
    const steps: TraceStep[] = []
    client.on('trace', (step) => steps.push(step))
    expireAccessToken(agent)
    await client.fetch(`${ORDERS}?q=secret`, { method: 'POST', body: 'x' })
    expect(kinds(steps)).toEqual([
      'request',
      'response',
      'lock',
      'lock',
      'agent-request',
      'agent-answer',
      'message',
      'lock',
      'session',
      'request',
      'response',
    ])
    expect(steps[0]).toEqual({
      kind: 'request',
      request: 1,
      attempt: 1,
      method: 'POST',
      path: '/api/orders',
      epoch: START,
      at: START,
      tabId: expect.any(String),
    })
  })

  it('tells of a request that had no answer, with the status 0 of a network error', async () => {
    const { client, agent } = await openSignedInPage()
    const steps: TraceStep[] = []
    client.on('trace', (step) => steps.push(step))
    agent.answerApi(networkError)
    await expect(client.fetch(ORDERS)).rejects.toBe(networkError)
    expect(kinds(steps)).toEqual(['request', 'response'])
    expect(steps[1]).toMatchObject({ request: 1, status: 0 })
  })

  it('tells a call that the app has aborted from one that failed', async () => {
    const { client, agent } = await openSignedInPage()
    const steps: TraceStep[] = []
    client.on('trace', (step) => steps.push(step))
    agent.answerApi(networkError)
    const leave = new AbortController()
    leave.abort()
    await expect(client.fetch(ORDERS, { signal: leave.signal })).rejects.toThrow()
    await expect(client.fetch(ORDERS)).rejects.toBe(networkError)
    const answers = steps.filter((step) => step.kind === 'response')
    expect(answers.map(({ isAborted }) => isAborted ?? false)).toEqual([true, false])
  })

  it('calls the end of a session by its name', async () => {
    const { client, agent } = await openSignedInPage()
    const steps: TraceStep[] = []
    client.on('trace', (step) => steps.push(step))
    agent.answer('refresh', { status: 401, json: { error_code: 'session_expired' } })
    await expect(client.refresh()).rejects.toMatchObject({ code: 'session_expired' })
    const [answer] = steps.filter((step) => step.kind === 'agent-answer')
    expect(answer).toMatchObject({ operation: 'refresh', outcome: 'session_expired', status: 401 })
  })

  it('holds no claim and no query', async () => {
    const { agent, first, second } = await openTabs()
    const steps: TraceStep[] = []
    for (const { client } of [first, second]) client.on('trace', (step) => steps.push(step))
    const third = first.openTab()
    third.client.on('trace', (step) => steps.push(step))
    await third.client.load()
    expireAccessToken(agent)
    await first.client.fetch(`${ORDERS}?q=secret`)
    await first.client.logout()
    await settle()
    expect(steps.length).toBeGreaterThan(20)
    expect(JSON.stringify(steps)).not.toMatch(/alice|secret/)
  })

  it('tells apart the tabs, and who sent a message', async () => {
    const { first, second } = await openTabs()
    const steps: TraceStep[] = []
    second.client.on('trace', (step) => steps.push(step))
    await first.client.refresh()
    await settle()
    const message = steps.find((step) => step.kind === 'message')
    expect(message).toMatchObject({ direction: 'received', type: 'refreshed' })
  })
})

describe('without a listener', () => {
  it('no step is even made', () => {
    const tracer = createTracer('tab', () => 0)
    const detail = vi.fn(() => 'logout' as const)
    tracer.takeStep?.({ kind: 'agent-request', operation: detail() })
    const remove = tracer.listeners.add(() => {})
    const removeOther = tracer.listeners.add(() => {})
    tracer.takeStep?.({ kind: 'agent-request', operation: detail() })
    remove()
    expect(tracer.takeStep).toBeDefined()
    removeOther()
    tracer.takeStep?.({ kind: 'agent-request', operation: detail() })
    expect(detail).toHaveBeenCalledTimes(1)
  })
})
