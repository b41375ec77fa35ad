// What a decision of the proxy is as an answer to the page.
import { describe, expect, it } from 'vitest'
import { answerDecision } from '../../src/proxy/decision.ts'

describe('answerDecision', () => {
  const decision = {
    kind: 'refuse',
    code: 'unauthorized',
    reason: 'The access token has expired.',
    headers: { 'www-authenticate': 'Bearer' },
  } as const

  it('makes the documented error', async () => {
    const response = answerDecision(decision, false)
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).toEqual({ error_code: 'unauthorized' })
  })

  it('adds the reason where the configuration exposes it', async () => {
    expect(await answerDecision(decision, true).json()).toEqual({
      error_code: 'unauthorized',
      detailed_error: 'The access token has expired.',
    })
  })
})
