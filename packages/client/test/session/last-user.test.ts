// The hash of the last user: what it can tell, and what it gives away.
import { describe, expect, it } from 'vitest'
import { createLastUser } from '../../src/session/last-user.ts'

function createStorage(stored = new Map<string, string>()) {
  return {
    stored,
    get: (key: string) => stored.get(key),
    set: (key: string, value: string) => void stored.set(key, value),
    remove: (key: string) => void stored.delete(key),
  }
}

type Storage = ReturnType<typeof createStorage>

const open = (localStorage: Storage, random = 0.5) =>
  createLastUser({ localStorage, random: () => random, whenActivated: () => undefined }, 'key')

describe('the last user', () => {
  it('is nobody at first', () => {
    expect(open(createStorage()).isOther('alice')).toBe(false)
  })

  it('is known on the next page, and another one is another one', () => {
    const storage = createStorage()
    open(storage).remember('alice')
    expect(open(storage).isOther('alice')).toBe(false)
    expect(open(storage).isOther('bob')).toBe(true)
  })

  it('is the one at the beginning of the page, for every copy of the SDK on it', () => {
    const storage = createStorage()
    open(storage).remember('alice')
    const [one, two] = [open(storage), open(storage)]
    one.remember('bob')
    expect(two.isOther('bob')).toBe(true)
  })

  it('has been replaced when a later page has met another one', () => {
    const storage = createStorage()
    const page = open(storage)
    page.remember('alice')
    expect(page.isReplaced('alice')).toBe(false)
    open(storage).remember('bob')
    expect(page.isReplaced('alice')).toBe(true)
  })

  it('has not been replaced where storage has lost what it knew', () => {
    const storage = createStorage()
    const page = open(storage)
    page.remember('alice')
    storage.stored.clear()
    expect(page.isReplaced('alice')).toBe(false)
  })

  it('has not been replaced where storage was full when this page met the next one', () => {
    const storage = createStorage()
    open(storage).remember('alice')
    const page = open({ ...storage, set: () => {} })
    page.remember('bob')
    expect(page.isReplaced('bob')).toBe(false)
  })

  it('leaves no trace of the subject identifier, and another value in each browser', () => {
    const [one, two] = [createStorage(), createStorage()]
    open(one, 0.25).remember('alice@example.com')
    open(two, 0.75).remember('alice@example.com')
    const values = [one, two].map(({ stored }) => stored.get('key'))
    expect(values[0]).toMatch(/^[0-9a-z]+\.[0-9a-z]{1,7}$/)
    expect(values[0]).not.toContain('alice')
    expect(values[0]).not.toBe(values[1])
  })

  it('tells ten thousand users apart', () => {
    const storage = createStorage()
    const page = open(storage)
    const hashes = new Set<string>()
    for (let user = 0; user < 10_000; user += 1) {
      page.remember(`user-${user}`)
      hashes.add(storage.stored.get('key') ?? '')
    }
    // Of 32 bits, two in ten thousand are expected to be equal once in a hundred runs; here is one run.
    expect(hashes.size).toBe(10_000)
  })

  it('is another one when what is stored cannot be read', () => {
    const storage = createStorage(new Map([['key', 'nonsense']]))
    const page = open(storage)
    expect(page.isOther('alice')).toBe(true)
    page.remember('alice')
    expect(open(storage).isOther('alice')).toBe(false)
  })
})
