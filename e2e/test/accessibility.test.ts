// Every page of the example, in light and dark, wide and narrow: no violation that axe-core can find.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { refuseOldSignIn, shortenSession } from '../src/api-answers.ts'
import { expectAccessible } from '../src/axe.ts'
import type { Visitor } from '../src/world.ts'
import { startWorld } from '../src/world.ts'
import type { World } from '../src/world.ts'

let world: World
let visitor: Visitor

beforeAll(async () => {
  world = await startWorld({ consent: false })
  visitor = await world.newVisitor()
})
afterAll(() => world.stop())

/** A path, and the text that shows that the page is complete. */
type Example = readonly [path: string, text: string]

const signedOutPages: readonly Example[] = [
  ['/', 'Sign in to order'],
  ['/orders', 'Sign in to see this page'],
  ['/callback', 'Sign in to see this page'],
  ['/nowhere', 'This page is not on the map'],
]
const signedInPages: readonly Example[] = [
  ['/', 'Go to your orders'],
  ['/orders', 'Live: orders from other tabs'],
  ['/orders/1002', 'Cancel this order'],
  ['/orders/9999', 'There is no such order'],
  ['/label', 'Artwork'],
  ['/profile', 'alice@example.com'],
]

const expectNoViolations = () => expectAccessible(visitor.page)

const openPage = async ([path, text]: Example): Promise<void> => {
  await visitor.open(path)
  await visitor.page.getByText(text).first().waitFor()
}

describe('signed out', () => {
  test.each(signedOutPages)('%s is accessible', async (...example) => {
    await openPage(example)
    await expectNoViolations()
  })

  test('a page says accessibly that the sign-in service does not answer', async () => {
    onTestFinished(() => world.stack.controls.setAuthorizationServer('up'))
    await world.stack.controls.setAuthorizationServer('down')
    await openPage(['/', 'Sign in to order'])
    await visitor.page.getByRole('button', { name: 'Sign in to order' }).click()
    await visitor.page.getByRole('alert').waitFor()
    await expectNoViolations()
  })
})

describe('signed in', () => {
  test('signing in', async () => {
    const { page } = visitor
    await openPage(['/orders', 'Sign in to see this page'])
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Username').waitFor()
    await page.getByLabel('Username').fill('alice')
    await page.getByLabel('Password').fill('token-handler')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('list', { name: 'Orders' }).waitFor()
  })

  test.each(signedInPages)('%s is accessible', async (...example) => {
    await openPage(example)
    await expectNoViolations()
  })

  test('a form with mistakes is accessible', async () => {
    await openPage(['/orders', 'Live: orders from other tabs'])
    await visitor.page.getByRole('button', { name: 'Place order' }).click()
    await visitor.page.getByText('Choose a coffee.').waitFor()
    await expectNoViolations()
  })

  test('a page says accessibly that the API does not answer', async () => {
    onTestFinished(() => world.stack.controls.setApi('up'))
    await world.stack.controls.setApi('down')
    await openPage(['/orders', 'Try again'])
    await expectNoViolations()
  })

  test('the demand for a fresh sign-in is accessible', async () => {
    const { page } = visitor
    onTestFinished(() => page.unrouteAll())
    await openPage(['/orders/1002', 'Cancel this order'])
    await refuseOldSignIn(world, page)
    await page.getByRole('button', { name: 'Cancel this order' }).click()
    await page.getByRole('button', { name: 'Confirm that it is me' }).waitFor()
    await expectNoViolations()
  })

  test('the warning that the session will end is accessible', async () => {
    const { page } = visitor
    onTestFinished(() => page.unrouteAll())
    await shortenSession(world, page)
    await openPage(['/profile', 'Your session ends at'])
    await expectNoViolations()
  })

  test('a whole visit is possible by keyboard alone', async () => {
    const { page } = visitor
    await page.setViewportSize({ width: 1280, height: 800 })
    await openPage(['/', 'Go to your orders'])
    const pressUntil = async (name: string): Promise<void> => {
      for (let presses = 0; presses < 30; presses += 1) {
        await page.keyboard.press('Tab')
        const text = await page.evaluate(() => {
          const active = document.activeElement
          return active?.getAttribute('name') ?? active?.textContent ?? ''
        })
        if (text.startsWith(name)) return
      }
      throw new Error(`Tab does not lead to "${name}".`)
    }
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
      'Skip to the content',
    )
    await pressUntil('Orders')
    await page.keyboard.press('Enter')
    await page.getByRole('list', { name: 'Orders' }).waitFor()
    await pressUntil('product')
    await page.keyboard.press('ArrowDown')
    await pressUntil('Place order')
    await page.keyboard.press('Enter')
    await page.getByText(/^Thank you: 1 bag/).waitFor()
  })
})
