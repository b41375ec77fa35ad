// What a Content-Security-Policy had to refuse.
import type { BrowserContext } from 'playwright-core'

/** Watches every page that the context opens from now on; returns what was refused so far. */
export async function watchPolicyViolations(context: BrowserContext): Promise<readonly string[]> {
  const violations: string[] = []
  await context.exposeFunction('reportViolation', (text: string) => void violations.push(text))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      const { reportViolation } = window as unknown as {
        readonly reportViolation: (text: string) => void
      }
      reportViolation(`${effectiveDirective} ${blockedURI} on ${location.pathname}`)
    })
  })
  return violations
}
