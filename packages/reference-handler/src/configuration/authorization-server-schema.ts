// The section about the authorization server: what each setting may be, and its default.
import * as z from 'zod/mini'
import { calledUrl, endpointUrl } from './url-schemas.ts'

const seconds = z.int().check(z.nonnegative())

/** Section `authorizationServer` of the configuration. */
export const authorizationServerSchema = z.strictObject({
  /** The issuer identifier. Everything else comes from its metadata, unless given here. */
  issuer: calledUrl.check(
    z.refine(
      (value) => !value.includes('?'),
      'must have no query; take it as the metadata of the authorization server says it',
    ),
  ),
  /** Where the browser is sent; only when there is no metadata document, or to override it. */
  authorizationEndpoint: z.optional(endpointUrl),
  /** Where the handler calls: may be an internal URL, https all the same. */
  tokenEndpoint: z.optional(calledUrl),
  jwksUri: z.optional(calledUrl),
  endSessionEndpoint: z.optional(endpointUrl),
  revocationEndpoint: z.optional(calledUrl),
  introspectionEndpoint: z.optional(calledUrl),
  pushedAuthorizationRequestEndpoint: z.optional(calledUrl),
  /**
   * A relaxation: hosts, with their ports where these are not 80, that the handler calls over plain http, such as an
   * authorization server in the same private network. Where browsers are sent stays https.
   * @default []
   */
  plainHttpHosts: z._default(
    z.array(
      z
        .string()
        .check(
          z.regex(
            /^[a-z\d-]+(?:\.[a-z\d-]+)*(?::\d{1,5})?$/,
            'must be a host name in lower case, with its port where that is not 80, such as keycloak.internal:8080',
          ),
        ),
    ),
    [],
  ),
  /** PEM file with the authorities that are trusted, in place of those of the system. */
  caFile: z.optional(z.string().check(z.minLength(1))),
  /** PEM file with the certificate that is shown to the authorization server, with its intermediates (RFC 8705). */
  certificateFile: z.optional(z.string().check(z.minLength(1))),
  /** PEM file with the private key of that certificate. */
  keyFile: z.optional(z.string().check(z.minLength(1))),
  /**
   * A relaxation: takes for granted what metadata should say, that S256 (RFC 7636) is supported.
   * @default false
   */
  assumesS256: z._default(z.boolean(), false),
  /**
   * Seconds to wait for any answer of the authorization server.
   * @default 8
   */
  timeout: z._default(seconds.check(z.minimum(1), z.maximum(60)), 8),
  /**
   * Seconds that the clock of the authorization server may differ from this machine's.
   * @default 30
   */
  clockTolerance: z._default(seconds.check(z.maximum(300)), 30),
  /**
   * Tenants whose users may sign in, where the metadata is for several and its issuer has `{tenantid}` in it
   * (Microsoft Entra ID): the claim `tid` of the ID token has to be one of them.
   */
  allowedTenants: z.optional(
    z
      .array(z.string().check(z.regex(/^[\w.-]+$/, 'must be the id of a tenant')))
      .check(z.minLength(1)),
  ),
})
