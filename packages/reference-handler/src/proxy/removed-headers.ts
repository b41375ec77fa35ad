// Which request headers no client may send to an API: data, so that gateways can be told.
import { VERSION_HEADER } from '@token-handler/contract'
import { hopByHop } from './header-lines.ts'

/** What a client may not say to an upstream, because the proxy says it, has dealt with it or decided it. */
export const removedNames: readonly string[] = [
  ...hopByHop,
  'authorization',
  'cookie',
  'dpop',
  'expect',
  'forwarded',
  'host',
  'via',
  VERSION_HEADER,
  // Addresses and names of clients, as the field's proxies and content networks tell them to servers.
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'client-ip',
  'fastly-client-ip',
  'remote-user',
  'true-client-ip',
  'x-appengine-user-ip',
  'x-azure-clientip',
  'x-azure-socketip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-real-ip',
  'x-remote-user',
  'x-webauth-user',
  // The certificates of clients, RFC 9440.
  'client-cert',
  'client-cert-chain',
  'x-arr-clientcert',
  'x-ssl-cert',
  // Another method, scheme, host or path than the one that was authorised.
  'x-host',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-rewrite-url',
  'x-scheme',
  'x-url-scheme',
]

/** Whole families of the same kinds, and of users that another proxy has signed in: this name, and `<name>-…`. */
export const removedFamilies: readonly string[] = [
  'cf-access',
  'proxy',
  'ssl-client',
  'x-amzn-mtls',
  'x-amzn-oidc',
  'x-auth-request',
  'x-client-cert',
  'x-envoy',
  'x-forwarded',
  'x-goog-authenticated-user',
  'x-goog-iap',
  'x-ms-client-principal',
  'x-original',
  'x-ssl-client',
  'x-tls-client',
]

const names = new Set(removedNames)
const family = new RegExp(`^(?:${removedFamilies.join('|')})(?:-|$)`)

/** Whether a client may send a header to an upstream; `name` in lower case, with `-` for `_`. */
export const isForwarded = (name: string): boolean => !names.has(name) && !family.test(name)
