// Which origins may read answers.
import { describe, expect, it } from 'vitest'
import { corsHeaders, unservedPathPreflightHeaders, preflightHeaders } from '../../src/http/cors.ts'

const spa = 'https://www.example.com'
const allowance = { methods: ['GET', 'POST'], headers: ['token-handler-version', 'content-type'] }
const strangers = ['https://evil.example', 'null', '*', `${spa}/`, '', undefined, null]

describe('CORS', () => {
  it('lets the SPA read answers with credentials, and the two headers it acts on', () => {
    expect(corsHeaders(spa, ['https://other.example', spa])).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': spa,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'WWW-Authenticate, Retry-After',
    })
  })

  it('grants the SPA a preflight for two hours', () => {
    expect(preflightHeaders(spa, [spa], allowance)).toEqual({
      vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
      'access-control-allow-origin': spa,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'token-handler-version, content-type',
      'access-control-max-age': '7200',
    })
  })

  it.each(strangers)('grants nothing to the origin %s', (origin) => {
    expect(Object.keys(corsHeaders(origin, [spa]))).toEqual(['vary'])
    expect(Object.keys(preflightHeaders(origin, [spa], allowance))).toEqual(['vary'])
  })
})

describe('the preflight of a path that nothing serves', () => {
  const ask = (origin: string, method = 'PUT', names = 'Content-Type, X-Own, "') => {
    const asked: Record<string, string> = {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': names,
    }
    return unservedPathPreflightHeaders([spa], (name) => asked[name])
  }

  it('lets the SPA send its request, and so read the 404', () => {
    expect(ask(spa)).toMatchObject({
      'access-control-allow-origin': spa,
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'content-type, x-own',
    })
  })

  it('grants nothing to anybody else, and is none without the method it asks for', () => {
    expect(Object.keys(ask('https://evil.example') ?? {})).toEqual(['vary'])
    expect(ask(spa, 'P T')).toBeUndefined()
    expect(unservedPathPreflightHeaders([spa], () => undefined)).toBeUndefined()
  })
})
