// An API that goes on answering 401: when the token is not asked for again, and what becomes of the answers.
import { describe, expect, it, vi } from 'vitest'
import { ORDERS, signedOut, unauthorized } from '../support/fake-agent.ts'
import { settle } from '../support/gate.ts'
import { openSignedInPage } from '../support/page.ts'
import type { Page } from '../support/page.ts'
import { openTabs } from '../support/tabs.ts'

const OTHERS = ORDERS.replace('orders', 'others')

/** Once a second, for a minute. */
async function poll(page: Page, call: (second: number) => Promise<unknown>): Promise<void> {
  for (let second = 0; second < 60; second += 1) {
    await call(second)
    page.tab.advance(1000)
    await settle()
  }
}

describe('an API that answers 401 for good', () => {
  it('costs one refresh and one question for a token, however often it is polled', async () => {
    const page = await openSignedInPage()
    page.agent.answerApi(unauthorized)
    await poll(page, async (second) => {
      expect((await page.client.fetch(`${ORDERS}?second=${second}`)).status).toBe(401)
    })
    expect(page.agent.calls('refresh')).toHaveLength(1)
    expect(page.agent.calls('session')).toHaveLength(2)
  })

  it.each([
    ['two resources of one tab', 1],
    ['two tabs', 2],
  ])('costs little when %s are polled', async (_, count) => {
    const { agent, browser, tabs } = await openTabs({}, {}, count)
    agent.answerApi(unauthorized)
    const [first, second = first] = tabs
    for (let turn = 0; turn < 60; turn += 1) {
      await first?.client.fetch(ORDERS)
      await second?.client.fetch(OTHERS)
      browser.advance(1000)
      await settle()
    }
    expect(agent.calls('refresh').length).toBeLessThan(9)
    expect(agent.calls('session').length).toBeLessThan(12)
  })

  it('costs six refreshes a minute at most where lifetimes are not known', async () => {
    const page = await openSignedInPage()
    page.agent.answer('refresh', { json: {} })
    page.agent.answerApi(unauthorized)
    await poll(page, () => page.client.fetch(ORDERS))
    expect(page.agent.calls('refresh').length).toBeLessThan(7)
  })

  it('keeps no other resource from its refresh', async () => {
    const page = await openSignedInPage()
    page.agent.answerApi(unauthorized)
    await page.client.fetch(ORDERS)
    page.agent.answerApi(() =>
      page.agent.calls('refresh').length > 1 ? { json: 'ok' } : unauthorized,
    )
    expect((await page.client.fetch(OTHERS)).status).toBe(200)
    // The token of that refresh is seconds old, and then another one.
    expect((await page.client.fetch(ORDERS)).status).toBe(200)
  })

  it('for one method costs one refresh, though others of the same path are let through', async () => {
    const page = await openSignedInPage()
    page.agent.answerApi(({ method }) => (method === 'DELETE' ? unauthorized : { json: 'ok' }))
    await poll(page, async () => {
      expect((await page.client.fetch(ORDERS)).status).toBe(200)
      expect((await page.client.fetch(ORDERS, { method: 'DELETE' })).status).toBe(401)
    })
    expect(page.agent.calls('refresh')).toHaveLength(1)
  })

  it('for one of two requests that only their bodies tell apart costs six refreshes a minute', async () => {
    const page = await openSignedInPage()
    page.agent.answerApi(async (request) =>
      (await request.clone().text()) === 'refused' ? unauthorized : { json: 'ok' },
    )
    await poll(page, async () => {
      await page.client.fetch(ORDERS, { method: 'POST', body: 'fine' })
      await page.client.fetch(ORDERS, { method: 'POST', body: 'refused' })
    })
    expect(page.agent.calls('refresh').length).toBeLessThan(7)
  })

  it('is asked with another token when that one has expired, though the clock was set back', async () => {
    const page = await openSignedInPage()
    page.agent.answerApi(unauthorized)
    await page.client.fetch(ORDERS)
    page.tab.browser.setClockForward(-3_600_000)
    page.tab.advance(310_000)
    const { length } = page.agent.calls('refresh')
    page.agent.answerApi(() =>
      page.agent.calls('refresh').length > length ? { json: 'ok' } : unauthorized,
    )
    expect((await page.client.fetch(ORDERS)).status).toBe(200)
  })

  it('is believed again when it has let a request through, and its token has expired', async () => {
    const page = await openSignedInPage()
    page.agent.answerApi(unauthorized)
    await page.client.fetch(ORDERS)
    page.tab.advance(10_000)
    page.agent.answerApi({ json: 'mended' })
    await page.client.fetch(ORDERS)
    page.agent.answerApi(() =>
      page.agent.calls('refresh').length > 1 ? { json: 'ok' } : unauthorized,
    )
    expect((await page.client.fetch(ORDERS)).status).toBe(200)
    expect(page.agent.calls('refresh')).toHaveLength(2)
  })
})

describe('the body of a 401', () => {
  async function open(body: () => ReadableStream | null, refreshStatus = 200) {
    const page = await openSignedInPage()
    let answers = 0
    page.agent.answer('refresh', { status: refreshStatus, json: {} })
    const { client } = page.createAnother((platform) => ({
      ...platform,
      async fetch(input, init) {
        if (new Request(input).url !== ORDERS) return platform.fetch(input, init)
        answers += 1
        return answers === 1 ? new Response(body(), { status: 401 }) : new Response('ok')
      },
    }))
    await client.load()
    return { ...page, client }
  }

  it('is cancelled before the refresh, when the request is sent again', async () => {
    const order: string[] = []
    const cancel = vi.fn(() => void order.push('cancelled'))
    const page = await open(() => new ReadableStream({ cancel }))
    page.agent.answer('refresh', () => {
      order.push('refresh')
      return { json: {} }
    })
    expect((await page.client.fetch(ORDERS)).status).toBe(200)
    expect(order).toEqual(['cancelled', 'refresh'])
  })

  it('that cannot be cancelled troubles nobody', async () => {
    const cancel = () => Promise.reject(new Error('no'))
    const page = await open(() => new ReadableStream({ cancel }))
    expect((await page.client.fetch(ORDERS)).status).toBe(200)
    await settle()
  })

  it('is whole where the 401 is the last word', async () => {
    const page = await openSignedInPage()
    page.agent.answerApi({ ...unauthorized, text: 'why' })
    expect(await (await page.client.fetch(ORDERS)).text()).toBe('why')
    expect(await (await page.client.fetch(ORDERS)).text()).toBe('why')
  })

  it('is whole where the request cannot be sent again', async () => {
    const page = await openSignedInPage()
    page.agent.answerApi({ ...unauthorized, text: 'why' })
    const init = { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' }
    const error: unknown = await page.client.fetch(ORDERS, init).catch((reason: unknown) => reason)
    const { cause } = error as { readonly cause: Response }
    expect(await cause.text()).toBe('why')
  })

  it('is cancelled where the end of the session takes its place', async () => {
    const page = await openSignedInPage()
    const cancel = vi.fn()
    const { client } = page.createAnother((platform) => ({
      ...platform,
      fetch: async (input, init) =>
        new Request(input).url === ORDERS
          ? new Response(new ReadableStream({ cancel: () => cancel() }), { status: 401 })
          : platform.fetch(input, init),
    }))
    await client.load()
    page.agent.answer('refresh', { json: {} })
    page.agent.answer('session', signedOut)
    await expect(client.fetch(ORDERS)).rejects.toMatchObject({ code: 'session_expired' })
    expect(cancel).toHaveBeenCalledTimes(2)
  })

  it('is cancelled where a request that cannot be sent again gets the error of its refresh', async () => {
    const cancel = vi.fn()
    const page = await open(() => new ReadableStream({ cancel }), 401)
    const init = { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' }
    await expect(page.client.fetch(ORDERS, init)).rejects.toMatchObject({ status: 401 })
    expect(cancel).toHaveBeenCalledTimes(1)
  })
})
