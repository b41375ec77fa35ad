// What a Redis URL says: one server, several behind sentinels, or a cluster.

/** A place in the network. */
export interface RedisNode {
  readonly host: string
  readonly port: number
}

/** Where a store is, and how it is reached. */
export interface RedisPlace {
  readonly kind: 'single' | 'sentinel' | 'cluster'
  readonly nodes: readonly RedisNode[]
  readonly tls: boolean
  readonly username: string | undefined
  readonly password: string | undefined
  readonly database: number
  /** The name of the group of servers, for sentinels. */
  readonly master: string | undefined
}

const SCHEME =
  /^(rediss?|valkeys?)(\+sentinel|\+cluster)?:\/\/(?:([^@/]*)@)?([^/@?#]+)(?:\/([^/?#]*)(?:\/(\d+))?)?$/

const NODE = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i

const DEFAULT_PORT = 6379
const DEFAULT_SENTINEL_PORT = 26_379

/**
 * Reads a URL: `redis://user:password@host:6379/0`, `redis+sentinel://host,host/master/0` or `redis+cluster://host,host`;
 * with `rediss` over TLS, and with `valkey` or `valkeys` the same.
 *
 * @returns `undefined` when it is none of these
 */
export function readRedisUrl(url: string): RedisPlace | undefined {
  const [matched, scheme = '', variant, user = '', hosts = '', first, second] =
    SCHEME.exec(url) ?? []
  if (matched === undefined) return undefined
  const kind = variant === undefined ? 'single' : variant === '+cluster' ? 'cluster' : 'sentinel'
  const nodes = hosts.split(',').map((host) => readNode(host, kind))
  const credentials = readCredentials(user)
  const database = kind === 'sentinel' ? second : first
  const isSound =
    credentials !== undefined &&
    (kind !== 'single' || nodes.length === 1) &&
    (kind !== 'sentinel' || Boolean(first)) &&
    (kind === 'sentinel' || second === undefined) &&
    (database === undefined || database === '' || (kind !== 'cluster' && /^\d+$/.test(database)))
  if (!isSound || !nodes.every((node) => node !== undefined)) return undefined
  return {
    kind,
    nodes,
    tls: scheme.endsWith('ss') || scheme === 'valkeys',
    ...credentials,
    database: Number(database ?? 0),
    master: kind === 'sentinel' ? first : undefined,
  }
}

function readNode(text: string, kind: RedisPlace['kind']): RedisNode | undefined {
  const [matched, host = '', port] = NODE.exec(text) ?? []
  if (matched === undefined) return undefined
  const fallback = kind === 'sentinel' ? DEFAULT_SENTINEL_PORT : DEFAULT_PORT
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? fallback) }
}

function readCredentials(user: string) {
  const [username = '', ...password] = user.split(':')
  try {
    return {
      username: decodeURIComponent(username) || undefined,
      password: decodeURIComponent(password.join(':')) || undefined,
    }
  } catch {
    return undefined
  }
}
