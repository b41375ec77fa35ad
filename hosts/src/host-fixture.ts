// A host in front of the local stack's authorization server and API.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Subject } from '@token-handler/conformance'
import { startLocalStack } from '@token-handler/local-stack'
import type { LocalStack, LocalStackOptions } from '@token-handler/local-stack'
import { createStackSubject } from '../../packages/local-stack/test/conformance/stack-subject.ts'
import type { StartableHost } from './host.ts'
import { startLocalNamesProxy } from './local-names-proxy.ts'
import type { RunningHost } from './process.ts'

/** A host, and what is behind it. */
export interface HostFixture {
  readonly stack: LocalStack
  readonly host: RunningHost
  /** Of the host, without a trailing slash. */
  readonly url: string
  readonly subject: Subject
  readonly stop: () => Promise<void>
}

/** Starts a host with the configuration of a local stack of its own. */
export async function startHost(
  host: StartableHost,
  options: Partial<LocalStackOptions> = {},
): Promise<HostFixture> {
  const ends: (() => Promise<unknown>)[] = []
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end()
  }
  try {
    const ports = { spa: 0, handler: 0, authorizationServer: 0, api: 0, control: 0 }
    const stack = await startLocalStack({
      ports,
      consent: false,
      log: { level: 'error' },
      ...options,
    })
    ends.push(stack.stop)
    const proxy = await startLocalNamesProxy()
    ends.push(proxy.stop)
    const folder = await mkdtemp(join(tmpdir(), 'token-handler-host-'))
    ends.push(() => rm(folder, { recursive: true, force: true }))
    const running = await host.start({
      configuration: stack.configuration,
      folder,
      proxyPort: proxy.port,
    })
    ends.push(running.stop)
    const url = `http://api.app.localhost:${running.port}`
    const agent = url + stack.configuration.agentPath
    const urls = { ...stack.urls, handler: url, agent, api: `${url}/api` }
    const whole = createStackSubject({ ...stack, urls })
    const capabilities = new Set(
      [...whole.capabilities].filter((one) => !host.lacks?.includes(one)),
    )
    const subject = { ...whole, capabilities, name: host.name }
    return { stack, host: running, url, subject, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
