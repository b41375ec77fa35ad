// The error class and its guard.
import { describe, expect, it } from 'vitest'
import { isTokenHandlerError, TokenHandlerError } from '../src/index.ts'
import type { TokenHandlerErrorCode } from '../src/index.ts'

describe('a TokenHandlerError', () => {
  it('has a code to switch on, a name, and the cause it was given', () => {
    const cause = new Error('reset')
    const error = new TokenHandlerError('agent_unreachable', 'No answer', { status: 502, cause })
    expect(error).toMatchObject({
      name: 'TokenHandlerError',
      code: 'agent_unreachable',
      message:
        'No answer https://github.com/token-handler/token-handler/blob/main/docs/errors/agent_unreachable.md',
      status: 502,
      retryable: false,
      cause,
    })
    expect(error).toBeInstanceOf(Error)
  })

  it.each<TokenHandlerErrorCode>(['session_expired', 'login_loop'])(
    'names the page about %s',
    (code) => {
      const page = `https://github.com/token-handler/token-handler/blob/main/docs/errors/${code}.md`
      expect(new TokenHandlerError(code, 'Advice.').message).toBe(`Advice. ${page}`)
      // A production build has no advice.
      expect(new TokenHandlerError(code, '').message).toBe(page)
    },
  )

  it('is recognised when it comes from another copy of this package', () => {
    const fromElsewhere = { [Symbol.for('@token-handler/client/error')]: true }
    expect(isTokenHandlerError(fromElsewhere)).toBe(true)
    expect(isTokenHandlerError(new TokenHandlerError('login_loop', ''))).toBe(true)
  })

  it.each([[undefined], [null], ['session_expired'], [new Error('x')], [{ code: 'login_loop' }]])(
    'is not %j',
    (value) => {
      expect(isTokenHandlerError(value)).toBe(false)
    },
  )
})
