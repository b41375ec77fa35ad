// An npm registry on this machine: it keeps what is published to it, and fetches everything else from the real one.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { startProgram } from './run-program.ts'

/** A running registry. */
export interface Registry {
  readonly url: string
  /** Environment with which npm and pnpm use this registry, and nothing of the user's own. */
  readonly environment: Readonly<Record<string, string>>
  readonly stop: () => Promise<void>
}

const manifest = createRequire(import.meta.url).resolve('verdaccio/package.json')

/** Packages of ours come from here alone: a name that is not published is an error, not somebody else's package. */
const configuration = (folder: string, upstream: string): string => `
storage: ${folder}/storage
uplinks:
  upstream: { url: ${JSON.stringify(upstream)}, maxage: 60m, timeout: 60s }
packages:
  '@token-handler/*': { access: $all, publish: $all }
  'create-token-handler': { access: $all, publish: $all }
  '**': { access: $all, proxy: upstream }
auth: { htpasswd: { file: ${folder}/htpasswd, max_users: -1 } }
web: { enable: false }
log: { type: stdout, format: pretty, level: warn }
`

/** The registry that npm uses on this machine. */
async function findUpstream(): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry'])
  return stdout.trim()
}

/**
 * Starts the registry.
 *
 * @param folder - an empty one, for its storage and for caches
 * @param port - a free one
 */
export async function startRegistry(folder: string, port: number): Promise<Registry> {
  const config = join(folder, 'config.yaml')
  await writeFile(config, configuration(folder, await findUpstream()))
  const url = `http://127.0.0.1:${port}/`
  // npm publishes with a token only; this registry takes any.
  const npmrc = join(folder, 'npmrc')
  await writeFile(npmrc, `registry=${url}\n//127.0.0.1:${port}/:_authToken=none\n`)
  const bin = join(dirname(manifest), 'bin/verdaccio')
  const args = [bin, '--config', config, '--listen', `127.0.0.1:${port}`]
  const program = startProgram(process.execPath, args, { folder })
  await program.printed(/http address/)
  return {
    url,
    environment: {
      npm_config_registry: url,
      npm_config_userconfig: npmrc,
      npm_config_cache: join(folder, 'npm-cache'),
      npm_config_update_notifier: 'false',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_yes: 'true',
      npm_config_provenance: 'false',
    },
    stop: program.stop,
  }
}
