// What every answer of the authorization server has in common: headers, and a page where there is none.
import type { Provider } from 'oidc-provider'
import { errorPage } from './pages/error.ts'
import { renderPage } from './pages/layout.ts'
import { styleSource } from './pages/style.ts'

/**
 * Forms lead back to the application through redirects, which `form-action` judges too. oidc-provider
 * adds the hash of its own script to `script-src` where a page of it needs one.
 */
const contentSecurityPolicy = (applicationOrigins: readonly string[]): string =>
  [
    `default-src 'none'`,
    `script-src`,
    `style-src ${styleSource}`,
    `img-src data:`,
    `form-action 'self' ${applicationOrigins.join(' ')}`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
  ].join(';')

const notFound = {
  status: 404,
  title: 'There is nothing here',
  explanation: 'This address does not exist.',
}

const failed = {
  status: 500,
  title: 'Something broke',
  explanation: 'The authorization server could not answer. Its log says more.',
}

/** What goes around everything a provider answers. */
export interface DocumentOptions {
  /** Where error pages lead back to. */
  readonly homeUrl: string
  /** Of all pages that forms lead back to. */
  readonly origins: readonly string[]
  readonly onError: (error: unknown) => void
}

/** Sets security headers on every answer, and shows a page where there is no answer. */
export function serveDocuments(
  provider: Provider,
  { homeUrl, onError, origins }: DocumentOptions,
): void {
  const policy = contentSecurityPolicy(origins)
  // Koa would print errors; they go to `onError`.
  provider.silent = true
  provider.use(async (ctx, next) => {
    ctx.set({
      'cache-control': 'no-store',
      'content-security-policy': policy,
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    const problem = await next().then(
      () => (ctx.status === 404 && !ctx.body ? notFound : undefined),
      (error: unknown) => {
        onError(error)
        return failed
      },
    )
    if (problem === undefined) return
    ctx.type = 'html'
    ctx.body = renderPage(errorPage({ ...problem, homeUrl }))
    ctx.status = problem.status
  })
}
