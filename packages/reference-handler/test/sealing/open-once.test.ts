// A request opens each of its cookies once.
import { expect, it } from 'vitest'
import { openOnce } from '../../src/sealing/open-once.ts'

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
