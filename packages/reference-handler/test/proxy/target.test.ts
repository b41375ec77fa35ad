// Which request targets are plain enough to be judged.
import { describe, expect, it } from 'vitest'
import { readTarget } from '../../src/proxy/target.ts'
import { hostileTargets, plainTargets } from './targets.ts'

describe('readTarget', () => {
  it.each(hostileTargets)('refuses %s: %s', (_title, target) => {
    expect(readTarget(target)).toEqual({ kind: 'hostile', reason: expect.any(String) })
  })

  it.each(plainTargets)('lets %s pass: %s', (_title, target) => {
    const reading = readTarget(target)
    expect(reading.kind === 'plain' && reading.path + reading.query).toBe(target)
  })

  it('decodes the path and leaves the query as it is', () => {
    expect(readTarget('/api/gr%C3%BC%C3%9Fe/a%20b?x=%2e%2e')).toEqual({
      kind: 'plain',
      path: '/api/gr%C3%BC%C3%9Fe/a%20b',
      decodedPath: '/api/grüße/a b',
      query: '?x=%2e%2e',
    })
  })

  it('quotes nothing of the target in its reason', () => {
    const reading = readTarget('/api/../planted')
    expect(reading.kind === 'hostile' && reading.reason).not.toContain('planted')
  })
})
