// Noticing what the authorization server gives away: the local stack's tests and controls ask for it.
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'

/** Told about everything that is issued. */
export interface IssueListener {
  /** An issued secret, which no log may hold: a code, a token, a code verifier. */
  readonly secret: (value: string) => void
  /** The `jti` of an access token. */
  readonly accessToken: (id: string) => void
}

/** Tells a listener about everything that a provider issues. */
export function watchIssued(provider: Provider, listener: IssueListener): void {
  const noteSecret = (value: unknown): void => {
    if (typeof value === 'string') listener.secret(value)
  }
  const noteVerifier = (ctx: KoaContextWithOIDC): void =>
    noteSecret(ctx.oidc.params?.['code_verifier'])

  provider.on('access_token.issued', (token) => listener.accessToken(token.jti))
  provider.on('authorization.success', (_ctx, response) => noteSecret(response?.['code']))
  provider.on('grant.error', noteVerifier)
  provider.on('grant.success', (ctx) => {
    noteVerifier(ctx)
    const body: unknown = ctx.body
    if (typeof body !== 'object' || body === null) return
    const { access_token, refresh_token, id_token }: Record<string, unknown> = { ...body }
    for (const token of [access_token, refresh_token, id_token]) noteSecret(token)
  })
}
