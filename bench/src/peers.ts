// Installing the peers into a temporary folder: they are nobody's dependency.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder with `node_modules`. */
export interface Peers {
  readonly folder: string
  /** Name and version. */
  readonly httpProxy: string
  readonly remove: () => void
}

const require = createRequire(import.meta.url)

const readVersion = (file: string): string => String(require(file).version)

/** Installs @fastify/http-proxy, with the Fastify that the handler has; `undefined` when npm cannot. */
export function installPeers(): Peers | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'token-handler-peers-'))
  const remove = () => rmSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const fastify = `fastify@${readVersion('fastify/package.json')}`
  try {
    const args = ['install', '--no-audit', '--no-fund', fastify, '@fastify/http-proxy@11']
    execFileSync('npm', args, { cwd: folder, stdio: 'ignore' })
  } catch {
    remove()
    return undefined
  }
  const version = readVersion(join(folder, 'node_modules/@fastify/http-proxy/package.json'))
  return { folder, httpProxy: `@fastify/http-proxy ${version}`, remove }
}
