// Starts a design by its name, until it is ended by Ctrl-C.
import { parseArgs } from 'node:util'
import { demoPassword, demoUsers } from '@token-handler/local-stack'
import { explainTrust } from '@token-handler/local-stack/development'
import { designs, findDesign } from '../../designs/index.ts'
import type { Design } from '../design.ts'
import { startStage } from '../stage.ts'
import type { Stage } from '../stage.ts'

const help = `Usage: npx pnpm@12 --filter deployments start <design> [options]

${designs.map(({ name, title }) => `  ${name.padEnd(17)}${title}`).join('\n')}

  --domain <name>    what all hosts are below; default app.localhost, which Chrome, Edge and Firefox find here
  --port <port>      of the front, where TLS ends; default 8443
  --authority <dir>  keeps the local certificate authority; default ~/.token-handler
`

function banner(design: Design, domain: string, { certificate, hostNames, urlOf }: Stage): string {
  const pages = design.hosts.flatMap(({ name, places }) =>
    places
      .filter(({ kind }) => kind !== 'handler')
      .map(({ path }) => urlOf({ host: name, path: path === '/' ? path : `${path}/` })),
  )
  return [
    `  ${design.title}`,
    ...pages.map((url) => `  Open       ${url}`),
    `  Sign in    as ${demoUsers.map(({ id }) => id).join(' or ')}, password ${demoPassword}`,
    ...(certificate.isNew
      ? [`  Trust      ${explainTrust(certificate.authorityFile, process.platform)}`]
      : []),
    ...(domain.endsWith('localhost') ? [] : [`  Hosts      127.0.0.1 ${hostNames.join(' ')}`]),
  ].join('\n')
}

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      domain: { type: 'string', default: 'app.localhost' },
      port: { type: 'string', default: '8443' },
      authority: { type: 'string' },
    },
  })
  const design = findDesign(positionals[0])
  const { authority, domain, port } = values
  const stage = await startStage(design, {
    domain,
    port: Number(port),
    ...(authority !== undefined && { authorityFolder: authority }),
  })
  console.log(banner(design, domain, stage))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stage.stop())
  }
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${help}`)
  process.exitCode = 1
}
