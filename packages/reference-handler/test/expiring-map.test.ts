// A map of bounded size whose entries end by the clock it is given.
import { expect, test } from 'vitest'
import { createExpiringMap } from '../src/expiring-map.ts'

function createMap(max = 3) {
  const clock = { now: 1000 }
  return { clock, map: createExpiringMap<number>(max, () => clock.now) }
}

test('an entry is there as long as it was to be kept, and not a moment longer', () => {
  const { clock, map } = createMap()
  map.set('a', 1, 100)
  map.set('b', 2)
  clock.now += 100
  expect([map.get('a'), map.peek('a')]).toEqual([1, 1])
  clock.now += 1
  expect([map.get('a'), map.peek('a'), map.get('b')]).toEqual([undefined, undefined, 2])
})

test('what was used least lately makes room; a look at it is no use', () => {
  const { map } = createMap()
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ] as const)
    map.set(key, value)
  map.get('a')
  map.peek('b')
  map.set('d', 4)
  expect(['a', 'b', 'c', 'd'].map((key) => map.peek(key))).toEqual([1, undefined, 3, 4])
})

test('setting an entry anew takes no room from others, and counts its time anew', () => {
  const { clock, map } = createMap(2)
  map.set('a', 1, 10)
  map.set('b', 2)
  clock.now += 10
  map.set('a', 3, 10)
  clock.now += 10
  expect([map.get('a'), map.get('b'), map.size()]).toEqual([3, 2, 2])
})

test('purging forgets what is over, and nothing else', () => {
  const { clock, map } = createMap()
  map.set('a', 1, 10)
  map.set('b', 2, 20)
  clock.now += 11
  expect(map.size()).toBe(2)
  map.purge()
  expect(map.size()).toBe(1)
  map.delete('b')
  map.clear()
  expect(map.size()).toBe(0)
})
