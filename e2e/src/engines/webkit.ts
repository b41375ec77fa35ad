// WebKitGTK's MiniBrowser, by its WebDriver: a process for each profile, on a screen that nobody sees.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '../../../packages/reference-handler/test/support/free-port.ts'
import { blankPath } from '../front.ts'
import { startChild } from './child.ts'
import type { Context, Cookie, Engine, RunningEngine } from './engine.ts'
import { startHostsProxy } from './hosts-proxy.ts'
import { createPage } from './page.ts'
import type { Tab } from './page.ts'
import { until } from './until.ts'
import { openSession } from './webdriver.ts'
import type { Send, WebDriver } from './webdriver.ts'

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

/**
 * Runs in the page: waits a moment for a call's outcome, and says `pending` otherwise. Nobody else can do
 * anything in the session while a script runs, in whatever window.
 */
async function awaitOutcome(id: number, done: (outcome: string) => void) {
  const outcomes = (window as { outcomes?: Record<number, Promise<string>> }).outcomes
  const gone = JSON.stringify({ failure: 'The page has gone.' })
  const moment = new Promise<string>((resolve) => setTimeout(resolve, 50, 'pending'))
  done(await Promise.race([outcomes?.[id] ?? gone, moment]))
}

/** Runs in the page: begins a call. */
function beginCall(id: number, run: (argument: unknown) => unknown, text: string) {
  const holder = window as { outcomes?: Record<number, Promise<string>> }
  // No property that a test could come across by listing them.
  if (!holder.outcomes) Object.defineProperty(window, 'outcomes', { value: {} })
  const outcome = (async () => JSON.stringify({ value: await run(JSON.parse(text)) }))()
  const failed = (error: unknown) => JSON.stringify({ failure: String(error) })
  Object.assign(holder.outcomes ?? {}, { [id]: outcome.catch(failed) })
}

async function openTab({ within }: WebDriver, handle: string): Promise<Tab> {
  let lastId = 0
  return {
    navigate: (url) => within(handle, async (send) => void (await send('POST', '/url', { url }))),
    reload: () => within(handle, async (send) => void (await send('POST', '/refresh'))),
    // By the driver: a page that is put away while a script runs in it never answers, nor does the driver then.
    traverseBack: () => within(handle, async (send) => void (await send('POST', '/back'))),
    async call(source, argument) {
      lastId += 1
      const id = lastId
      let begin = `(${String(beginCall)})(${id}, (${source}), arguments[0]);`
      for (;;) {
        const script = `${begin} (${String(awaitOutcome)})(${id}, arguments[1])`
        const args = [JSON.stringify(argument)]
        const outcome = await within(handle, (send) =>
          send('POST', '/execute/async', { script, args }),
        )
        begin = ''
        if (outcome === 'pending') continue
        const { value, failure } = JSON.parse(String(outcome)) as {
          value?: unknown
          failure?: string
        }
        if (failure !== undefined) throw new Error(failure)
        return value
      }
    },
    click: (source, argument) =>
      within(handle, async (send) => {
        const script = `return (${source})(JSON.parse(arguments[0]))`
        const args = [JSON.stringify(argument)]
        const found = (await send('POST', '/execute/sync', { script, args })) as Record<
          string,
          string
        > | null
        if (found === null) return false
        await send('POST', `/element/${found[ELEMENT]}/click`)
        return true
      }),
    close: () => within(handle, async (send) => void (await send('DELETE', '/window'))),
  }
}

async function createContext(environment: NodeJS.ProcessEnv, proxy: string) {
  const home = await mkdtemp(join(tmpdir(), 'webkit-'))
  const port = await findFreePort()
  const folders = { HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home }
  const child = startChild('WebKitWebDriver', [`--port=${port}`], { ...environment, ...folders })
  const close = async () => {
    await child.stop()
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
  const session = await openWhenListening(`http://127.0.0.1:${port}`, proxy).catch(
    async (error) => {
      await close()
      throw error
    },
  )
  const { within } = session
  // It has a window of its own to look at cookies from, which stays when the test closes its last one.
  const [own = ''] = (await within(undefined, (send) => send('GET', '/window/handles'))) as string[]

  const newHandle = () =>
    within(own, async (send) => {
      // A tab would be hidden.
      const opened = await send('POST', '/window/new', { type: 'window' })
      return (opened as { readonly handle: string }).handle
    })
  const withCookies = <T>(
    url: string,
    work: (cookies: readonly Cookie[], send: Send) => Promise<T>,
  ): Promise<T> =>
    within(own, async (send) => {
      await send('POST', '/url', { url: new URL(blankPath, url).href })
      return await work((await send('GET', '/cookie')) as readonly Cookie[], send)
    })

  const context: Context = {
    newPage: async () => createPage(await openTab(session, await newHandle())),
    cookies: (url) => withCookies(url, async (cookies) => cookies),
    removeCookies: (url, wanted = /^/) =>
      withCookies(url, async (cookies, send) => {
        for (const { name } of cookies) {
          if (wanted.test(name)) await send('DELETE', `/cookie/${name}`)
        }
      }),
    close,
  }
  return context
}

/** The driver says nowhere that it listens. */
const openWhenListening = (driverUrl: string, proxy: string): Promise<WebDriver> =>
  until('WebKitWebDriver', () =>
    openSession(driverUrl, {
      browserName: 'MiniBrowser',
      acceptInsecureCerts: true,
      'webkitgtk:browserOptions': { args: ['--automation', `--proxy=${proxy}`] },
    }),
  )

async function start(): Promise<RunningEngine> {
  const proxy = await startHostsProxy()
  const screen = startChild('Xvfb', [
    '-displayfd',
    '1',
    '-screen',
    '0',
    '1280x900x24',
    '-nolisten',
    'tcp',
  ])
  const contexts = new Set<Context>()
  const stop = async () => {
    for (const context of contexts) await context.close()
    await screen.stop()
    await proxy.stop()
  }
  try {
    const [display] = await screen.waitFor(/\d+/)
    // Nobody looks, and drawing without a graphics card takes most of the time.
    const drawing = { WEBKIT_DISABLE_COMPOSITING_MODE: '1', WEBKIT_DISABLE_DMABUF_RENDERER: '1' }
    const environment = { DISPLAY: `:${display}`, ...drawing }
    return {
      async newContext() {
        const context = await createContext(environment, proxy.url)
        contexts.add(context)
        return context
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** WebKitGTK. */
export const webkit: Engine = {
  name: 'WebKit',
  programs: ['WebKitWebDriver', 'Xvfb', 'openssl'],
  names: 'example',
  start,
}
