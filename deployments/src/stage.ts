// Starts a design: authorization server, API, handler, web hosts and, in front of them, TLS with names.
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalServers } from '@token-handler/local-stack'
import { makeLocalCertificate } from '@token-handler/local-stack/development'
import type { LocalCertificate } from '@token-handler/local-stack/development'
import { createSessionReader, parseTenants } from '@token-handler/reference-handler'
import type { Fetch } from '@token-handler/reference-handler'
import { createNodeFetch, createTenantServer } from '@token-handler/reference-handler/fastify'
import { startStaticServer } from 'react-spa/static-server'
import { contentSecurityPolicy } from './app-settings.ts'
import { buildStaticApp } from './build-apps.ts'
import { placeOf } from './design.ts'
import { describeClient, describeTenant, FRESH_FOR, settingsOf } from './describe-tenants.ts'
import type { Design, HostDesign, Place } from './design.ts'
import { startFront } from './front.ts'
import type { Exchange, Front } from './front.ts'
import { startWebHost } from './web-host.ts'
import { startWebsite } from './website.ts'

export interface StageOptions {
  /** All hosts are below it. */
  readonly domain: string
  /** Of the front; that of a developer's machine gets the next one. 0 takes free ones. */
  readonly port: number
  /** Keeps the certificate authority; by default in the home folder. */
  readonly authorityFolder?: string
  /** Takes lines of JSON. Default: the standard output. */
  readonly write?: (line: string) => void
}

/** A running design. */
export interface Stage {
  readonly urlOf: (place: { readonly host: string; readonly path: string }) => string
  /** Of all hosts. */
  readonly hostNames: readonly string[]
  readonly certificate: LocalCertificate
  /** All requests of browsers so far, but for those to the authorization server. */
  readonly exchanges: () => readonly Exchange[]
  /** How many refresh tokens were sent to the authorization server. */
  readonly refreshes: () => number
  /** Makes all access tokens expire, at an hour when none of them counts as fresh. */
  readonly expireAccessTokens: () => Promise<void>
  /** Tokens, codes, secrets, and values of cookies. */
  readonly secrets: () => ReadonlySet<string>
  readonly stop: () => Promise<void>
}

/** Counts what is sent to the token endpoint with a refresh token. */
function countRefreshes(): { readonly fetch: Fetch; readonly count: () => number } {
  const fetch = createNodeFetch()
  let count = 0
  return {
    count: () => count,
    fetch(url, init) {
      const { body } = init
      if (body != null && new URLSearchParams(body).get('grant_type') === 'refresh_token')
        count += 1
      return fetch(url, init)
    },
  }
}

/** Starts it. */
export async function startStage(design: Design, options: StageOptions): Promise<Stage> {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of stops.splice(0).toReversed()) await end()
  }
  try {
    return await start(design, options, stops, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

const isOfDeveloper = ({ machine }: HostDesign): boolean => machine === 'developer'

async function start(
  design: Design,
  { domain, port, authorityFolder, write }: StageOptions,
  stops: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'deployment-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const hostName = (name: string) => `${name}.${domain}`
  const names = design.hosts.map(({ name }) => hostName(name))
  const secrets = new Set<string>()
  const ports = new Map<Place, number>()
  const exchanges: Exchange[] = []

  function route(host: string, path: string) {
    const found = design.hosts.find(({ name }) => hostName(name) === host)
    const place = found && placeOf(found, path)
    const target = place && ports.get(place)
    if (!place || target === undefined) return undefined
    const isBelow = place.kind === 'app' && place.path !== '/'
    return { port: target, ...(isBelow && { strip: place.path }) }
  }

  const certificate = await makeLocalCertificate(names, authorityFolder)
  const { key } = certificate
  // With its authority, so that browsers can know it by that.
  const cert = `${certificate.cert}\n${readFileSync(certificate.authorityFile, 'utf8')}`
  const onCookie = (value: string) => void secrets.add(value)
  async function openFront(wish: number): Promise<Front> {
    const front = await startFront({ key, cert, port: wish, route, exchanges, onCookie })
    stops.push(front.stop)
    return front
  }
  const front = await openFront(port)
  const developers = design.hosts.some(isOfDeveloper)
    ? await openFront(port === 0 ? 0 : port + 1)
    : front
  const originOf = (name: string) => {
    const host = design.hosts.find((candidate) => candidate.name === name)
    return `https://${hostName(name)}:${(host && isOfDeveloper(host) ? developers : front).port}`
  }

  const [first, ...others] = design.tenants.map((tenant) => describeClient(tenant, originOf))
  if (first === undefined) throw new Error('A design has at least one tenant.')
  const servers = await startLocalServers({
    clients: [first, ...others],
    ports: { authorizationServer: 0, api: 0 },
    consent: false,
    log: { level: 'warn', ...(write && { destination: { write } }) },
  })
  stops.push(servers.stop)

  const { count, fetch } = countRefreshes()
  // Milliseconds by which the handler's clock is ahead.
  let ahead = 0
  const configuration = parseTenants({
    server: { drainFor: 0 },
    tenants: design.tenants.map((tenant, index) =>
      describeTenant(tenant, servers, index, { hostName, originOf, secrets }),
    ),
  })
  const handler = createTenantServer(configuration, {
    logger: servers.logger,
    fetch,
    now: () => Date.now() + ahead,
  })
  stops.push(() => handler.close())
  const handlerPort = Number(new URL(await handler.listen({ host: '127.0.0.1', port: 0 })).port)

  for (const { name, places } of design.hosts) {
    for (const place of places) {
      ports.set(place, place.kind === 'handler' ? handlerPort : await open(name, place))
    }
  }

  /** Starts what is served at a place. */
  async function open(host: string, place: Place): Promise<number> {
    const settings = settingsOf(design, host, place, originOf)
    const served = `${folder}/${host}${place.path.replaceAll('/', '-')}`
    const tenant = configuration.tenants[0]?.configuration
    if (place.kind === 'app') {
      await buildStaticApp(place.app?.source ?? 'plain', settings, served)
      const policy = contentSecurityPolicy(settings)
      const files = { folder: served, port: 0, contentSecurityPolicy: policy }
      const started = await startStaticServer(files)
      stops.push(started.stop)
      return started.port
    }
    if (tenant === undefined) throw new Error('A web host needs a tenant.')
    const readSession = createSessionReader(tenant, { now: Date.now })
    const startHost = place.kind === 'web-host' ? startWebHost : startWebsite
    const started = await startHost(settings, readSession, folder)
    stops.push(started.stop)
    return started.port
  }

  return {
    urlOf: ({ host, path }) => originOf(host) + path,
    hostNames: names,
    certificate,
    exchanges: () => exchanges,
    refreshes: count,
    async expireAccessTokens() {
      ahead += (FRESH_FOR + 1) * 1000
      await servers.controls.expireAccessTokens()
    },
    secrets: () => new Set([...servers.secrets, ...secrets]),
    stop,
  }
}
