// Cookie secrets that rotate while the handler runs: its cookies stay good as long as their secret is listed.
import { describe, expect, it } from 'vitest'
import { createCookieSecrets } from '../../src/cli/cookie-secrets.ts'
import type { Deployment } from '../../src/configuration/load.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import { noLog } from '../support/no-log.ts'

const old = '0'.repeat(32)
const fresh = '1'.repeat(32)
const configure = (secrets: readonly string[], id = 'spa') =>
  parseConfiguration({ ...validInput, client: { ...validInput.client, id }, cookies: { secrets } })
const single = (...secrets: string[]): Deployment => ({
  kind: 'single',
  configuration: configure(secrets),
})

/** Cookie secrets whose sources say, whenever they are read, what is said here last. */
function createSecrets(first: Deployment) {
  let next: () => Deployment = () => first
  const warnings: string[] = []
  const log = { ...noLog, warn: (_fields: object, message: string) => void warnings.push(message) }
  const secrets = createCookieSecrets(first, () => next(), log)
  return {
    ...secrets,
    warnings,
    become: (deployment: Deployment | Error) => {
      next = () => {
        if (deployment instanceof Error) throw deployment
        return deployment
      }
      secrets.reload()
    },
  }
}

describe('cookie secrets', () => {
  it('rotate without signing anyone out, and open nothing once they are gone', async () => {
    const configuration = configure([old])
    const { become, of } = createSecrets({ kind: 'single', configuration })
    const sealer = sealerOf(configuration, { cookieSecrets: of })
    const cookie = await sealer.seal('proxy', 'content')
    become(single(fresh, old))
    expect(await sealer.open('proxy', cookie)).toBe('content')
    const next = await sealer.seal('proxy', 'content')
    become(single(fresh))
    expect(await sealer.open('proxy', cookie)).toBeUndefined()
    expect(await sealer.open('proxy', next)).toBe('content')
  })

  it('stay the same list as long as nothing changed', () => {
    const configuration = configure([old])
    const { become, of } = createSecrets({ kind: 'single', configuration })
    const before = of(configuration)
    become(single(old))
    expect(of(configuration)).toBe(before)
  })

  it('stay when their sources cannot be read, which is logged', () => {
    const configuration = configure([old])
    const { become, of, warnings } = createSecrets({ kind: 'single', configuration })
    become(new Error('gone'))
    expect(of(configuration)).toEqual([old])
    expect(warnings).toHaveLength(1)
  })

  it('are those of each tenant', () => {
    const tenants = (...secrets: string[]): Deployment => ({
      kind: 'tenants',
      configuration: {
        server: configure([old]).server,
        tenants: secrets.map((secret, index) => ({
          host: `${index}.example`,
          configuration: configure([secret], `spa-${index}`),
        })),
      },
    })
    const first = tenants(old, old)
    const { become, of } = createSecrets(first)
    become(tenants(old, fresh))
    const list = first.kind === 'tenants' ? first.configuration.tenants : []
    expect(list.map(({ configuration }) => of(configuration))).toEqual([[old], [fresh]])
  })
})
