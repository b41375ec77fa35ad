// A request opens each of its cookies once.
import type { CookieRole } from '@token-handler/contract'
import { expect, it } from 'vitest'
import { openOnce } from '../../src/sealing/open-once.ts'
import type { Sealer } from '../../src/sealing/sealer.ts'

it('opens each cookie once for a role, also one that does not open, or cannot be had', async () => {
  const opened: string[] = []
  const once = openOnce({
    seal: async () => 'sealed',
    async open(role, sealed) {
      opened.push(`${role} ${sealed}`)
      if (sealed === 'away') throw new Error('The store is away.')
      return sealed === 'ours' ? { role } : undefined
    },
  })
  for (let time = 0; time < 2; time += 1) {
    expect(await once.open('session', 'ours')).toEqual({ role: 'session' })
    expect(await once.open('proxy', 'ours')).toEqual({ role: 'proxy' })
    expect(await once.open('session', 'foreign')).toBeUndefined()
    await expect(once.open('session', 'away')).rejects.toThrow('away')
  }
  expect(opened).toEqual(['session ours', 'proxy ours', 'session foreign', 'session away'])
})

it('does all else as its sealer, also one that is a class', async () => {
  class ClassSealer implements Sealer {
    readonly #done: string[] = []
    get done() {
      return this.#done
    }
    async seal(role: CookieRole, content: unknown) {
      this.#done.push(`seal ${role} ${String(content)}`)
      return 'sealed'
    }
    async open(role: CookieRole, sealed: string) {
      this.#done.push(`open ${role} ${sealed}`)
      return 'content'
    }
    async retire(role: CookieRole, sealed: string, keptFor: number) {
      this.#done.push(`retire ${role} ${sealed} ${keptFor}`)
    }
  }
  const sealer = new ClassSealer()
  const once = openOnce(sealer)
  expect(await once.seal('login', 'content')).toBe('sealed')
  expect(await once.open('login', 'sealed')).toBe('content')
  await once.retire?.('session', 'sealed', 5)
  expect(sealer.done).toEqual([
    'seal login content',
    'open login sealed',
    'retire session sealed 5',
  ])
})

it('retires nothing where its sealer cannot', () => {
  const sealer: Sealer = { seal: async () => 'sealed', open: async () => undefined }
  expect(openOnce(sealer).retire).toBeUndefined()
})
