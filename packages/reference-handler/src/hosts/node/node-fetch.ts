// The fetch with which the handler calls the authorization server in Node.
import { Agent, buildConnector, EnvHttpProxyAgent, Pool } from 'undici'
import type { Dispatcher } from 'undici'
import type { Fetch, FetchInit, Log } from '../../ports.ts'
import type { TlsFiles } from '../../tls-files.ts'
import { isLoopbackHost } from '../../configuration/urls.ts'
import { lookupHost } from './local-names.ts'
import { createUpstreamClient } from './upstream-client.ts'
import type { Connect } from './upstream-client.ts'
import { createTlsReader } from './upstream-tls.ts'
import type { TlsMaterial } from './upstream-tls.ts'
import { sendWhole } from './whole-answer.ts'
import type { Answer } from './whole-answer.ts'

/**
 * Creates a fetch that knows `*.localhost`, over connections of its own that are kept alive. It heeds the environment
 * variables `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in either case, as they are when it is created; requests to
 * this machine go to no proxy. Certificates come from the files that a request names, read again for each one.
 *
 * @param log - gets a warning when these files cannot be read any more
 * @throws when one of these variables is no URL of a proxy
 *
 * @example
 * import { createNodeFetch } from '@token-handler/reference-handler/fastify'
 *
 * const fetch = createNodeFetch()
 * const url = 'http://login.idp.localhost:4000/.well-known/openid-configuration'
 * const response = await fetch(url, { method: 'GET', headers: {}, redirect: 'manual' })
 * console.log(response.status)
 */
export function createNodeFetch(log: Pick<Log, 'warn'> = noLog): Fetch {
  const readTls = createTlsReader(log)
  const known = new Map<string, Dispatchers>()

  /** Those of a set of files, as these are now: a renewed certificate comes into use with its next request. */
  function dispatchersOf(files: TlsFiles | undefined): Dispatchers {
    const material = readTls(files)
    const name = JSON.stringify(files) ?? ''
    const current = known.get(name)
    if (current !== undefined && isSame(current.material, material)) return current
    const next = createDispatchers(material)
    known.set(name, next)
    if (current !== undefined) finish(current)
    return next
  }

  dispatchersOf(undefined)
  async function send(address: string, { tls, ...init }: FetchInit): Promise<Answer> {
    const { direct, proxied } = dispatchersOf(tls)
    const url = new URL(address)
    return await sendWhole(isLoopbackHost(url.hostname) ? direct : proxied, url, init)
  }

  const fetch = async (url: string, init: FetchInit): Promise<Response> => {
    const { status, headers, body } = await send(url, init)
    return new Response(body.length > 0 ? new Uint8Array(body) : null, { status, headers })
  }
  return Object.assign(fetch, {
    async whole(url: string, init: FetchInit) {
      const { status, headers, body } = await send(url, init)
      return { status, headers, text: decoder.decode(body) }
    },
  })
}

/** As Fetch does it: without the byte order mark that some servers send. */
const decoder = new TextDecoder()

interface Dispatchers {
  readonly material: TlsMaterial
  readonly direct: Dispatcher
  /** Through the proxy of the environment, if there is one. */
  readonly proxied: Dispatcher
}

function createDispatchers(material: TlsMaterial): Dispatchers {
  const connect = buildConnector({ lookup: lookupHost, allowH2: false, ...material })
  const factory = createPoolFactory(connect)
  const direct = new Agent({ factory })
  return { material, direct, proxied: createProxied(material, factory) ?? direct }
}

type PoolFactory = (origin: string | URL, options: object) => Dispatcher

/**
 * Pools whose connections take `100 Continue` as what it is: undici breaks off a connection with one that it has not
 * asked for, and a code, or a refresh token, would be used up with the request.
 *
 * @param connect - where the dispatcher that asks for a pool has no other way
 */
function createPoolFactory(connect: Connect): PoolFactory {
  return (origin, options) => {
    const through = 'connect' in options && isConnect(options.connect) ? options.connect : connect
    const factory = (to: string | URL, of: object) =>
      createUpstreamClient(to, { ...of, connect: through })
    return new Pool(origin, { ...options, connect: through, factory })
  }
}

const isConnect = (value: unknown): value is Connect => typeof value === 'function'

const isSame = (one: TlsMaterial, other: TlsMaterial): boolean =>
  one.ca === other.ca && one.cert === other.cert && one.key === other.key

/** Lets open requests end. */
function finish({ direct, proxied }: Dispatchers): void {
  for (const dispatcher of new Set([direct, proxied])) void dispatcher.close().catch(() => {})
}

const noLog: Pick<Log, 'warn'> = { warn() {} }

function createProxied(material: TlsMaterial, factory: PoolFactory): EnvHttpProxyAgent | undefined {
  const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY']
  const configured = names.filter((name) => process.env[name])
  if (configured.length === 0) return undefined
  try {
    return new EnvHttpProxyAgent({ factory, requestTls: { ...material, allowH2: false } })
  } catch (cause) {
    const message = `No proxy can be used as ${configured.join(' and ')} say: write http://host:port, or unset them.`
    throw new Error(message, { cause })
  }
}
