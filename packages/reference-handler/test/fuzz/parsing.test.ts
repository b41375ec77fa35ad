// Hostile cookies, targets, headers and forms: whatever comes, it is read strictly or refused.
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { cookieName } from '@token-handler/contract'
import { parseCookies } from '../../src/http/cookies.ts'
import { readForm } from '../../src/http/form.ts'
import { requestHeaders, responseHeaders } from '../../src/proxy/headers.ts'
import { readTarget } from '../../src/proxy/target.ts'
import { fuzz, FUZZ_TIMEOUT, madeOf } from './fuzz.ts'

const prefix = '__Host-Http-th'
const name = cookieName(prefix, 'proxy')

it(
  'a Cookie header yields names of ours with what the browser sent, or nothing',
  async () => {
    const names = [name, prefix, `${prefix}-`, '$Version', name.toUpperCase()]
    const pieces = [...names, '=', ';', '; ', ' ', '"', ',', '\t', '\u00a0', '\0', 'value']
    await fuzz(0.3, madeOf(pieces), (header) => {
      const ours = header
        .split(';')
        .map((pair, index) => (index > 0 ? pair.replace(/^ /, '') : pair))
        .filter((pair) => /^__Host-Http-th-[\w-]*=/.test(pair))
        .map(
          (pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const,
        )
      const values = new Map(ours)
      const expected = values.size < ours.length ? 'duplicate' : values
      expect(parseCookies(header, prefix)).toEqual(expected)
    })
  },
  FUZZ_TIMEOUT,
)

it(
  'a request target is hostile, or the path that everybody reads it as',
  async () => {
    const dots = ['.', '..', '%2e', '%2E', '%252e', '..;', ';a=b']
    const slashes = ['/', '//', '\\', '%2f', '%5C', '%25%32%66']
    const pieces = [
      ...dots,
      ...slashes,
      '?',
      '#',
      '%',
      '%00',
      '%0d%0a',
      '%c0%ae',
      'a',
      'api',
      ':',
      '@',
    ]
    const targets = madeOf(pieces).map((text) => `/${text}`)
    await fuzz(0.2, fc.oneof(targets, madeOf(pieces)), (target) => {
      const reading = readTarget(target)
      if (reading.kind === 'hostile') return
      expect(target).toBe(reading.path + reading.query)
      const { pathname } = new URL(target, 'http://handler.example')
      expect(decodeURIComponent(pathname)).toBe(reading.decodedPath)
      expect(reading.decodedPath).not.toMatch(/\/\.{1,2}(?:\/|$)|\/\/|\\/)
    })
  },
  FUZZ_TIMEOUT,
)

it(
  'a plain request target is read like one that takes a closer look because a letter is encoded',
  async () => {
    const plainNames = fc.constantFrom('api', '9', 'a.b', '~', '-x')
    const oddNames = [
      '',
      '.',
      '..',
      '.b',
      'a;b',
      '..;',
      'a b',
      'a:b',
      'a\\b',
      '\u00fc',
      '\x7f',
      'a\n',
    ]
    const name = fc.oneof(
      { weight: 4, arbitrary: plainNames },
      { weight: 1, arbitrary: fc.constantFrom(...oddNames) },
    )
    const segments = fc
      .array(name, { maxLength: 3 })
      .map((names) => names.map((n) => `/${n}`).join(''))
    const signs = ['a', '=', '/', '..', '?', '#', "'", ' ', '\n', '\x7f', '\u00fc']
    const query = fc.oneof(
      fc.constant(''),
      fc.array(fc.constantFrom(...signs), { maxLength: 3 }).map((parts) => `?${parts.join('')}`),
    )
    await fuzz(0.05, fc.tuple(segments, segments, query), ([before, after, query]) => {
      const target = (letter: string) => `${before}/${letter}${after}${query}`
      const [plain, encoded] = [readTarget(target('a')), readTarget(target('%61'))]
      if (encoded.kind === 'plain') {
        expect(plain).toEqual({ ...encoded, path: encoded.path.replace('%61', 'a') })
      } else expect(plain).toEqual(encoded)
    })
  },
  FUZZ_TIMEOUT,
)

/** Pairs of names and values, as Node hands them over. */
const headerLines = (names: readonly string[]) =>
  fc
    .array(
      fc.tuple(
        fc.oneof(fc.constantFrom(...names), fc.stringMatching(/^[A-Za-z_-]{1,12}$/)),
        fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 20 })),
      ),
      { maxLength: 12 },
    )
    .map((pairs) => pairs.flat())

const pairsOf = (lines: readonly string[]) =>
  lines.flatMap((line, index) => (index % 2 === 0 ? [[line, lines[index + 1] ?? ''] as const] : []))

it(
  'the headers to an upstream have one Authorization, ours, and no cookie',
  async () => {
    const names = ['Authorization', 'Cookie', 'Connection', 'x_forwarded_for', 'Proxy-X', 'close']
    await fuzz(0.1, headerLines([...names, 'X-Forwarded-For', 'Host', 'TE']), (lines) => {
      const own = {
        accessToken: 't',
        connection: { protocol: 'https', address: '192.0.2.1' },
      } as const
      const sent = pairsOf(requestHeaders(lines, own))
      const valuesOf = (wanted: string) =>
        sent
          .filter(([name]) => name.toLowerCase().replaceAll('_', '-') === wanted)
          .map(([, value]) => value)
      expect(valuesOf('authorization')).toEqual(['Bearer t'])
      expect(valuesOf('x-forwarded-for')).toEqual(['192.0.2.1'])
      for (const dropped of ['cookie', 'connection', 'te', 'proxy-x', 'host']) {
        expect(valuesOf(dropped)).toEqual([])
      }
    })
  },
  FUZZ_TIMEOUT,
)

it(
  'the headers to a browser set no cookie of ours and grant no origin',
  async () => {
    const planted = [`${name}=x`, `=${name}=x`, ` ${name}=x`, `${name.toUpperCase()}=x`]
    const names = ['Set-Cookie', 'Access-Control-Allow-Origin', 'Connection', 'Transfer-Encoding']
    await fuzz(0.1, headerLines([...names, ...planted]), (lines) => {
      for (const [name, value] of pairsOf(responseHeaders(lines, prefix, {}))) {
        expect(name).not.toMatch(/^(?:access-control-|connection$|transfer-encoding$)/i)
        if (/^set-cookie$/i.test(name)) expect(value).not.toMatch(/^[\s=]*__host-http-th-/i)
      }
    })
  },
  FUZZ_TIMEOUT,
)

it(
  'a body is a form without repetition, or refused',
  async () => {
    const bodies = fc.oneof(
      madeOf(['code', 'state', '=', '&', '%', '+', '%00', 'resource=a']).map((text) =>
        new TextEncoder().encode(text),
      ),
      fc.uint8Array({ maxLength: 200 }),
    )
    const types = fc.constantFrom(
      'application/x-www-form-urlencoded',
      'Application/X-WWW-Form-Urlencoded; charset=utf-8',
      'application/json',
      '',
    )
    await fuzz(0.05, fc.tuple(bodies, types), async ([body, type]) => {
      const url = 'https://api.app.example/oauth-agent/login/end'
      const headers = { 'content-type': type }
      const reading = await readForm(new Request(url, { method: 'POST', body, headers }))
      if (reading.kind === 'refused') return
      expect(body.length === 0 || type.toLowerCase().includes('form')).toBe(true)
      const keys = [...reading.parameters.keys()].filter((key) => key !== 'resource')
      expect(new Set(keys).size).toBe(keys.length)
    })
  },
  FUZZ_TIMEOUT,
)
