// The issuer of an authorization server, guessed from its authorization URL by its metadata.
import type { LoginPlace } from './examine-login.ts'

/** Issuers to try; the first is the likeliest. Never rejects. */
export async function findIssuers(
  authorizationUrl: string,
  { issuer, send }: Pick<LoginPlace, 'issuer' | 'send'>,
): Promise<readonly string[]> {
  if (issuer !== undefined) return [issuer]
  const { origin, pathname } = new URL(authorizationUrl)
  const segments = pathname.split('/').filter((segment) => segment !== '')
  for (let length = segments.length; length >= 0; length -= 1) {
    const base = [origin, ...segments.slice(0, length)].join('/')
    const answer = await send(`${base}/.well-known/openid-configuration`).catch(() => undefined)
    const found = answer?.status === 200 ? answer.json?.['issuer'] : undefined
    if (typeof found === 'string') return [found]
  }
  return []
}
