// Real deployments for the doctor: a local stack on free ports, and what stands in front of it.
import { afterAll, beforeAll, expect } from 'vitest'
import { parseConfiguration } from '@token-handler/reference-handler'
import type { Configuration, ConfigurationInput } from '@token-handler/reference-handler'
import {
  createLogger,
  createNodeFetch,
  createServer,
} from '@token-handler/reference-handler/fastify'
import { examineConfiguration, examineDeployment } from '@token-handler/reference-handler/doctor'
import type { DeploymentPlace, DoctorPorts, Report } from '@token-handler/reference-handler/doctor'
import { onTestFinished } from 'vitest'
import { portOf } from '../../src/listening.ts'
import { startLocalStack } from '../../src/index.ts'
import type { LocalStack, LocalStackOptions } from '../../src/index.ts'
import { freePorts } from '../local-stack-fixture.ts'

/** The doctor's view of the world. */
export const ports: DoctorPorts = { fetch: createNodeFetch(), now: Date.now }

/** To be called once in a test file: a stack for all of its tests. */
export function useStack(options: LocalStackOptions = {}) {
  let stack: LocalStack
  beforeAll(async () => {
    stack = await startLocalStack({
      ports: freePorts,
      consent: false,
      log: { level: 'silent' },
      ...options,
    })
  })
  afterAll(() => stack.stop())

  /** The stack's configuration, changed; as an operator writes it. */
  const configured = (change: (input: Configuration) => Configuration = (same) => same) =>
    change(stack.configuration)

  /** Starts another handler of the stack's configuration, changed; resolves with its port. */
  async function startHandler(
    change: (input: ConfigurationInput) => ConfigurationInput = (same) => same,
  ): Promise<number> {
    const { server: _place, ...rest } = stack.configuration
    const configuration = parseConfiguration(change({ ...rest, server: { drainFor: 0 } }))
    const server = createServer(configuration, { logger: createLogger('silent') })
    await server.listen({ port: 0, host: '127.0.0.1' })
    onTestFinished(() => server.close())
    return portOf(server.server)
  }

  /** The doctor's report from the inside, which holds no secret. */
  async function inside(
    change?: (input: Configuration) => Configuration,
    replaced: Partial<DoctorPorts> = {},
  ): Promise<Report> {
    const configuration = configured(change)
    return withoutSecrets(await examineConfiguration(configuration, { ...ports, ...replaced }))
  }

  /** The doctor's report from outside, by default of the stack's own handler. */
  async function outside(
    place: Partial<DeploymentPlace> = {},
    replaced: Partial<DoctorPorts> = {},
  ): Promise<Report> {
    const whole = { agentUrl: stack.urls.agent, origin: stack.urls.spa, ...place }
    return withoutSecrets(await examineDeployment(whole, { ...ports, ...replaced }))
  }

  function withoutSecrets(report: Report): Report {
    const text = JSON.stringify(report)
    const secrets = [...stack.issuedSecrets()].filter((secret) => secret.length > 8)
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
    return report
  }

  return { stack: () => stack, configured, startHandler, inside, outside }
}

/** The codes of a report, each once. */
export const codesOf = (report: Report): readonly string[] => [
  ...new Set(report.findings.map(({ code }) => code)),
]
