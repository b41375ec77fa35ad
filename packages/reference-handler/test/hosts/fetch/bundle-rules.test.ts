// A bundle that leaves code out refuses, at its start, the configurations that need it.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseConfiguration } from '../../../src/configuration/parse.ts'
import { requireWhatBundleHas } from '../../../src/hosts/fetch/bundle-rules.ts'
import type { SharedStore } from '../../../src/store/shared-store.ts'
import { validInput } from '../../configuration/valid-configuration.ts'
import { newKey } from '../../support/dpop-keys.ts'

afterEach(() => vi.unstubAllGlobals())

const route = { path: '/api', upstream: 'https://api.example' }

describe('a configuration that needs code', () => {
  it.each([
    ['DEVICE_BINDING', 'deviceBinding.mode', { deviceBinding: { mode: 'require' } }],
    [
      'DPOP',
      'client.dpopKeys',
      { client: { ...validInput.client, dpopKeys: [newKey.privateJwk] } },
    ],
    ['INTROSPECTION', 'introspection.enabled', { introspection: { enabled: true } }],
    ['EXCHANGE', 'routes[0].exchange', { routes: [{ ...route, exchange: { audience: 'a' } }] }],
    ['WEB_SOCKETS', 'routes[0].webSocket', { routes: [{ ...route, webSocket: true }] }],
  ])('is refused where the bundle leaves it out: %s', (flag, setting, input) => {
    const configuration = parseConfiguration({ ...validInput, ...input })
    expect(() => requireWhatBundleHas(configuration, {})).not.toThrow()
    vi.stubGlobal(`__TOKEN_HANDLER_${flag}__`, true)
    expect(() => requireWhatBundleHas(configuration, {})).not.toThrow()
    vi.stubGlobal(`__TOKEN_HANDLER_${flag}__`, false)
    const mend = `remove __TOKEN_HANDLER_${flag}__ from what the bundler defines`
    expect(() => requireWhatBundleHas(configuration, {})).toThrow(setting)
    expect(() => requireWhatBundleHas(configuration, {})).toThrow(mend)
    expect(() => requireWhatBundleHas(parseConfiguration(validInput), {})).not.toThrow()
  })

  it('is refused where the bundle leaves out the store that a host hands over', () => {
    const configuration = parseConfiguration(validInput)
    vi.stubGlobal('__TOKEN_HANDLER_STORE__', false)
    expect(() => requireWhatBundleHas(configuration, {})).not.toThrow()
    const store = {} as SharedStore
    expect(() => requireWhatBundleHas(configuration, { store })).toThrow(
      /ports\.store needs .* __TOKEN_HANDLER_STORE__/,
    )
  })
})

describe('code that is left out', () => {
  it('ends a request for a session that is bound to a device, rather than letting it pass', async () => {
    vi.stubGlobal('__TOKEN_HANDLER_DEVICE_BINDING__', false)
    vi.resetModules()
    const { requireProof } = await import('../../../src/agent/device-binding/when-on.ts')
    const configuration = parseConfiguration({ ...validInput, deviceBinding: { mode: 'require' } })
    const context = { configuration } as Parameters<typeof requireProof>[0]
    const input = {} as Parameters<typeof requireProof>[1]
    await expect(requireProof(context, input, { startedAt: 0, issuedAt: 0 })).rejects.toThrow(
      'leaves out',
    )
  })
})
