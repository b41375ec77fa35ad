// What a failure of Redis means for the person who runs it. Never quotes the URL, which may hold a password.

const UNTRUSTED =
  'names a server whose certificate is not trusted; name its authority in NODE_EXTRA_CA_CERTS'
const LATE =
  'is not answered in time; correct host and port, the network between, or rediss:// where the server has no TLS'

const byCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'is not answered there: connection refused; start Redis, or correct host and port',
  ECONNRESET: 'names a server that ends the connection; check whether it wants TLS (rediss://)',
  EHOSTUNREACH: 'names a host that cannot be reached; correct it, or the network between',
  ENOTFOUND: 'names a host that is not known; correct it',
  EAI_AGAIN: 'names a host that cannot be looked up; correct it, or the name service',
  ETIMEDOUT: LATE,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_HAS_EXPIRED: 'names a server whose certificate has expired; renew it',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'names a server whose certificate is for another host; use a name that stands in it',
}

const byReply: readonly (readonly [RegExp, string])[] = [
  [
    /WRONGPASS|invalid username-password/,
    'has a user or password that the server refuses; correct redis.password',
  ],
  [/NOAUTH|AUTH <password>/, 'names a server that wants a password; set redis.password'],
  [
    /NOPERM/,
    'names a user that may not do this; let it run scripts, streams and strings of this prefix',
  ],
  [
    /DB index is out of range/,
    'names a database that the server does not have; correct the number at its end',
  ],
  [/No such master/, 'names a group that its sentinels do not know; correct it'],
  [
    /failed to connect to sentinel|sentinels are unreachable/i,
    'names sentinels that cannot be reached; correct host and port, or the network between',
  ],
  [/timed out|ETIMEDOUT/i, LATE],
  [/^MOVED/, 'names a node of a cluster; use redis+cluster://'],
  [/cluster support disabled/, 'names a server that is no cluster; use redis:// there'],
  [
    /startup nodes|slots cache/,
    'names a cluster of which no node can be reached; correct hosts and ports, TLS, or the network between',
  ],
  [/READONLY/, 'names a replica, which takes no writes; name its master, or sentinels'],
  [
    /SSL|TLS|wrong version number/,
    'is spoken to with TLS, which the server does not want; use redis:// there',
  ],
]

/** Says what is wrong, and the mend, by the first of these errors that tells it. */
export function explainFailure(...errors: readonly unknown[]): string {
  for (const cause of errors.flatMap(causesOf)) {
    const code = 'code' in cause ? byCode[String(cause.code)] : undefined
    const found = code ?? byReply.find(([pattern]) => pattern.test(cause.message))?.[1]
    if (found !== undefined) return found
  }
  return 'cannot be used; check that it names a Redis 7 or Valkey that answers from here'
}

/** An error, and what led to it. */
function causesOf(error: unknown): readonly Error[] {
  if (!(error instanceof Error)) return []
  const inner = [
    'lastNodeError' in error ? error.lastNodeError : undefined,
    'previousErrors' in error ? error.previousErrors : undefined,
    error instanceof AggregateError ? error.errors : undefined,
    error.cause,
  ].flat()
  return [error, ...inner.flatMap(causesOf)]
}
