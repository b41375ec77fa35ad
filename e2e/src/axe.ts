// Asking axe-core what is wrong with a page for people who use it otherwise than by sight and mouse.
import axe from 'axe-core'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

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

/** Fails unless the page is accessible, and fits, in both colour schemes and at both widths. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 360]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height: 800 })
      // Until the page is drawn in the new colours.
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      )
      const violations = await findAccessibilityViolations(page)
      expect(violations, `${colorScheme}, ${width} px wide`).toEqual([])
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(overflow, `pixels too wide at ${width}`).toBe(0)
    }
  }
}
