// Pages that a server renders for who is signed in: their HTML, what is on screen, and the first visit from elsewhere.
import type { Page as AnyPage } from 'e2e/engines/engine'
import type { Page as ChromiumPage } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hybrid } from '../../designs/hybrid.ts'
import { FOREIGN } from '../../src/engines.ts'
import { showOrders, signIn, signOut } from '../../src/walk.ts'
import { startScene, walkers } from './support.ts'
import type { Scene } from './support.ts'

describe('hybrid pages', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await startScene(hybrid)
  })
  afterAll(() => scene.stop())

  const engines = walkers.map(({ name }) => name)
  const home = () => scene.stage.urlOf({ host: 'www', path: '/' })

  /** A page of another site, as the one whose link is clicked. */
  const foreignPage = () => {
    const url = new URL('/blank', home())
    url.hostname = FOREIGN
    return url.href
  }

  /** The HTML of the page, as the server sends it to this browser. */
  const readHtml = (page: AnyPage): Promise<string> =>
    page.evaluate(async () => {
      const answer = await fetch('/')
      return `${String(answer.headers.get('cache-control'))} ${await answer.text()}`
    })

  /** What the server knew when it rendered the page that is open. */
  const rendered = async (page: AnyPage): Promise<unknown> =>
    JSON.parse(await page.evaluate(() => document.querySelector('#session')?.textContent ?? ''))

  const shown = (page: AnyPage): Promise<readonly string[]> => page.evaluate(() => window.shown)
  const complaints = (page: AnyPage): Promise<readonly string[]> =>
    page.evaluate(() => window.complaints)

  async function comeFromElsewhere(page: AnyPage): Promise<void> {
    await page.goto(foreignPage())
    await page.evaluate((url) => void setTimeout(() => location.assign(url)), home())
  }

  test.each(engines)('%s: the HTML is that of the user, and holds no secret', async (engine) => {
    const context = await scene.newContext(engine)
    const page = await context.newPage()
    await page.goto(home())
    await page.getByText('Signed out').waitFor()
    const anonymous = await readHtml(page)
    expect(anonymous).toContain('Signed out')
    expect(anonymous).toContain('private, no-store')

    await signIn(page)
    const html = await readHtml(page)
    expect(html).toContain('Alice Andersson')
    expect(html).not.toContain('Signed out')
    const secrets = [...scene.stage.secrets()]
    expect(secrets.length).toBeGreaterThan(8)
    expect(secrets.filter((secret) => html.includes(secret))).toEqual([])

    // The page after the sign-in was rendered for its user, and React took it over without a word.
    expect(await rendered(page)).toMatchObject({ status: 'authenticated' })
    await expect.poll(() => shown(page)).toEqual(['authenticated'])
    expect(await complaints(page)).toEqual([])
    await showOrders(page)
    await signOut(page)
    await page.getByText('Signed out').waitFor()
    await page.goto(home())
    expect(await rendered(page)).toEqual({ status: 'unauthenticated', reason: 'none' })
    await context.close()
  })

  test.each(engines)(
    '%s: the first visit from another site ends right, and shows nothing wrong before',
    async (engine) => {
      const context = await scene.newContext(engine)
      const page = await context.newPage()
      await page.goto(home())
      await signIn(page)

      await comeFromElsewhere(page)
      await page.getByText('Signed in as Alice').waitFor()
      // No Strict cookie came along, so the server could not know.
      expect(await rendered(page)).toEqual({ status: 'loading' })
      await expect.poll(() => shown(page)).toEqual(['loading', 'authenticated'])
      expect(await complaints(page)).toEqual([])

      await page.goto(home())
      expect(await rendered(page)).toMatchObject({ status: 'authenticated' })
      await context.close()

      const stranger = await (await scene.newContext(engine)).newPage()
      await comeFromElsewhere(stranger)
      await stranger.getByText('Signed out').waitFor()
      await expect.poll(() => shown(stranger)).toEqual(['loading', 'unauthenticated'])
      await stranger.close()
    },
  )

  test.skipIf(!engines.includes('Chromium'))(
    'on screen, in Chromium: every frame of a signed-in page is its last one, and none is that of a visitor',
    async () => {
      const context = await scene.newContext('Chromium')
      const page = (await context.newPage()) as unknown as ChromiumPage
      const session = await page.context().newCDPSession(page)
      const frames: string[] = []
      session.on('Page.screencastFrame', ({ data, sessionId }) => {
        frames.push(data)
        void session.send('Page.screencastFrameAck', { sessionId })
      })
      async function record<T>(work: () => Promise<T>): Promise<T> {
        frames.length = 0
        await session.send('Page.startScreencast', { format: 'png', everyNthFrame: 1 })
        const result = await work()
        await session.send('Page.stopScreencast')
        return result
      }
      /** How a page that stands still looks: recording begins with a frame of it. */
      async function look(): Promise<string> {
        await record(() => expect.poll(() => frames.length).toBeGreaterThan(0))
        return frames[0] ?? ''
      }
      /** The pictures while something is done, and how the page looks afterwards. */
      async function watch(work: () => Promise<unknown>) {
        await page.goto('about:blank')
        await record(work)
        const seen = new Set(frames)
        return { seen, last: await look() }
      }
      await page.goto('about:blank')
      const blank = await look()
      const visitor = await watch(async () => {
        await page.goto(home())
        await page.getByText('Signed out').waitFor()
      })
      await signIn(page)
      const signedIn = await watch(async () => {
        await page.goto(home())
        await page.getByText('Signed in as Alice').waitFor()
      })
      expect(new Set([blank, visitor.last, signedIn.last]).size).toBe(3)
      // The blank page that was there before, and then what stays.
      expect([blank, signedIn.last]).toEqual(expect.arrayContaining([...signedIn.seen]))
      const arrival = await watch(async () => {
        await comeFromElsewhere(page)
        await page.getByText('Signed in as Alice').waitFor()
      })
      expect(arrival.last).toBe(signedIn.last)
      expect(arrival.seen).not.toContain(visitor.last)
      await context.close()
    },
  )
})
