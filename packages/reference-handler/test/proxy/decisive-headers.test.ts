// Finding the headers that the proxy decides by among all others.
import { describe, expect, it } from 'vitest'
import { readDecisiveHeaders } from '../../src/proxy/decisive-headers.ts'

describe('readDecisiveHeaders', () => {
  it('finds headers whatever the case of their names', () => {
    const header = readDecisiveHeaders(['HOST', 'api.app.example', 'Sec-Fetch-Site', 'same-site'])
    expect(header('host')).toBe('api.app.example')
    expect(header('sec-fetch-site')).toBe('same-site')
    expect(header('origin')).toBeUndefined()
  })

  it('joins lines of one name, cookies as cookies, in their order', () => {
    const header = readDecisiveHeaders(
      [
        ['Origin', 'https://a.example'],
        ['Cookie', 'a=1'],
        ['accept', '*/*'],
        ['origin', 'https://b.example'],
        ['cookie', 'b=2'],
        ['host', ''],
        ['host', 'x'],
      ].flat(),
    )
    expect(header('origin')).toBe('https://a.example, https://b.example')
    expect(header('cookie')).toBe('a=1; b=2')
    expect(header('host')).toBe(', x')
  })

  it('takes no other name of the same length, nor one with underscores, for it', () => {
    const header = readDecisiveHeaders(['accept', 'x', 'sec_fetch_site', 'same-origin'])
    expect(header('origin')).toBeUndefined()
    expect(header('cookie')).toBeUndefined()
    expect(header('sec-fetch-site')).toBeUndefined()
  })
})
