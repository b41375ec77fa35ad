// Redis URLs: one server, sentinels and clusters.
import { describe, expect, it } from 'vitest'
import { readRedisUrl } from '../../src/configuration/redis-url.ts'

describe('a Redis URL', () => {
  it.each([
    [
      'redis://redis',
      { kind: 'single', nodes: [{ host: 'redis', port: 6379 }], tls: false, database: 0 },
    ],
    ['rediss://a:p%40ss@redis:7000/2', { tls: true, username: 'a', password: 'p@ss', database: 2 }],
    [
      'valkeys://:secret@[::1]:6380',
      { tls: true, password: 'secret', nodes: [{ host: '::1', port: 6380 }] },
    ],
    [
      'redis+sentinel://one,two:26380/main/3',
      {
        kind: 'sentinel',
        master: 'main',
        database: 3,
        nodes: [
          { host: 'one', port: 26_379 },
          { host: 'two', port: 26_380 },
        ],
      },
    ],
    [
      'rediss+cluster://one,two',
      { kind: 'cluster', tls: true, nodes: [{ host: 'one' }, { host: 'two' }] },
    ],
  ])('%s is read', (url, place) => {
    expect(readRedisUrl(url)).toMatchObject(place)
  })

  it.each([
    'http://redis',
    'redis://',
    'redis://one,two',
    'redis+sentinel://one,two',
    'redis+cluster://one/1',
    'redis://redis/zero',
    'redis://%zz@redis',
  ])('%s is none', (url) => {
    expect(readRedisUrl(url)).toBeUndefined()
  })
})
