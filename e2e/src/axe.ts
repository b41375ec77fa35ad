// Asking axe-core what is wrong with a page for people who use it otherwise than by sight and mouse.
import axe from 'axe-core'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

/**
 * Each violation in one line, with the elements it is about.
 *
 * @param selector - what to look at. Default: the whole page
 */
export async function findAccessibilityViolations(
  page: Page,
  selector = 'html',
): Promise<readonly string[]> {
  // As the debugger does: no policy of the page forbids it.
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(
    (selected): Promise<AxeResults> =>
      (window as unknown as { readonly axe: typeof axe }).axe.run(selected),
    selector,
  )
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ html }) => html).join(' ')})`,
  )
}
