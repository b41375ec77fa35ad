// Errors of the authorization server that come back with the browser: which the page gets to know, and how.
import { describe, expect, it } from 'vitest'
import { changeCallback } from '../support/change-callback.ts'
import { beginLogin } from '../support/world.ts'

const invalid = { status: 400, body: { error_code: 'invalid_request' } }

describe('an error in the authorization response', () => {
  it.each([
    ['access_denied', 400],
    ['invalid_scope', 400],
    ['server_error', 400],
    ['session_expired', 400],
    ['interaction_required', 400],
    ['login_required', 401],
  ])('hands on %s with status %i', async (error, status) => {
    const { browser, callback, loginCookie, server } = await beginLogin()
    const response = changeCallback(callback, {
      code: undefined,
      error,
      error_description: 'because',
    })
    const answer = await browser.post('/login/end', response)
    expect(answer).toMatchObject({ status, body: { error_code: error } })
    expect(answer.body['detailed_error']).toContain(status === 400 ? 'because' : '')
    expect(browser.cookies.has(loginCookie)).toBe(false)
    expect(server.calls.token).toBe(0)
  })

  it('is explained with as much of its description as a line of log bears', async () => {
    const { browser, callback, lines } = await beginLogin()
    const description = `${'a'.repeat(199)}bc${'d'.repeat(5000)}`
    const response = changeCallback(callback, {
      code: undefined,
      error: 'access_denied',
      error_description: description,
    })
    const answer = await browser.post('/login/end', response)
    expect(answer.body['detailed_error']).toMatch(/: a{199}b$/)
    expect(lines.at(-1)).toContain('ab"')
    expect(lines.at(-1)).not.toContain('bc')
  })

  it('is not believed before its state is', async () => {
    const { browser, callback, loginCookie } = await beginLogin()
    const forged = changeCallback(callback, {
      code: undefined,
      error: 'access_denied',
      state: 'forged',
    })
    expect(await browser.post('/login/end', forged)).toMatchObject(invalid)
    expect(browser.cookies.has(loginCookie)).toBe(true)
  })

  it('counts also where there is a code', async () => {
    const { browser, callback, server } = await beginLogin()
    const both = changeCallback(callback, { error: 'access_denied' })
    const answer = await browser.post('/login/end', both)
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'access_denied' } })
    expect(server.calls.token).toBe(0)
  })

  it('is not handed on when it does not look like an error code', async () => {
    const { browser, callback } = await beginLogin()
    const odd = changeCallback(callback, { code: undefined, error: '<script>alert(1)</script>' })
    expect(await browser.post('/login/end', odd)).toMatchObject(invalid)
  })
})
