// The demo: the local stack and this app, started by one command and ended by Ctrl-C.
import {
  demoPassword,
  demoUsers,
  PortTakenError,
  startLocalStack,
} from '@token-handler/local-stack'
import type { LocalStackUrls } from '@token-handler/local-stack'
import { help, readDemoOptions } from './demo-options.ts'
import type { DemoPorts } from './demo-options.ts'
import { startSpa } from './serve.ts'

/** Seconds. */
const SESSION_LIFETIME = 30 * 60

interface Demo {
  readonly urls: LocalStackUrls
  readonly stop: () => Promise<void>
}

async function startDemo(ports: DemoPorts): Promise<Demo> {
  const { urls, stop } = await startLocalStack({
    ports,
    log: { level: 'error' },
    // Short enough to see what happens before its end.
    configure: (configuration) => ({ ...configuration, session: { lifetime: SESSION_LIFETIME } }),
  })
  try {
    const spa = await startSpa({
      mode: 'development',
      port: ports.spa,
      agentUrl: urls.agent,
      apiUrl: urls.api,
      controlUrl: urls.control,
    })
    return { urls, stop: async () => void (await Promise.all([spa.stop(), stop()])) }
  } catch (error) {
    await stop()
    throw error
  }
}

const banner = (urls: LocalStackUrls): string => `
  Nordlicht Coffee is open:  ${urls.spa}

  Sign in as ${demoUsers.map(({ id }) => id).join(' or ')}; the password is ${demoPassword}

  agent and proxy        ${urls.handler}
  authorization server   ${urls.authorizationServer}
  demo API               ${urls.demoApi}
  development control    ${urls.control}

  Other ports: pnpm demo --help. Ctrl-C ends everything.
`

/** The stack's own message names an option of its own, which nobody can type here. */
function nameFlag(error: unknown, ports: DemoPorts): unknown {
  if (!(error instanceof PortTakenError)) return error
  const { port, service } = error
  const flags = Object.entries(ports)
    .filter(([, chosen]) => chosen === port)
    .map(([name]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}-port`)
  return new Error(
    `Port ${port} is taken, and ${service} needs it. Stop the program that has it, or choose another port with ${flags.join(' or ')}.`,
    { cause: error },
  )
}

async function main(): Promise<void> {
  const command = readDemoOptions(process.argv.slice(2), process.env)
  if (command.kind === 'help') {
    console.log(help)
    return
  }
  const demo = await startDemo(command.ports).catch((error: unknown) => {
    throw nameFlag(error, command.ports)
  })
  console.log(banner(demo.urls))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void demo.stop())
  }
}

try {
  await main()
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}\n\n${help}\n`)
  process.exitCode = 1
}
