// Browsers with caches of their own, in which users change and nothing else does.
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { launchBrowser } from '../../e2e/src/browser.ts'
import { findFreePorts } from './ports.ts'
import { startProgram } from './programs.ts'

/** A page of a browser, whose cookies can be exchanged under it. */
export interface BrowserPage {
  /** Signs a user in, or everybody out, as far as the page's host can tell. */
  readonly setCookie: (cookie: { name: string; value: string } | undefined) => Promise<void>
  /**
   * Runs an async function in the page.
   *
   * @param source - of the function, which gets the argument
   * @param argument - JSON
   */
  readonly run: (source: string, argument: unknown) => Promise<unknown>
  readonly close: () => Promise<void>
}

export interface BrowserKind {
  readonly name: string
  /** What has to be on the machine; the other one brings its own. */
  readonly program?: string
  readonly open: (url: string) => Promise<BrowserPage>
}

async function openChromium(url: string): Promise<BrowserPage> {
  const browser = await launchBrowser()
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(url)
  return {
    async setCookie(cookie) {
      await context.clearCookies()
      if (cookie === undefined) return
      const { hostname } = new URL(url)
      const attributes = { httpOnly: true, secure: true, sameSite: 'Strict' } as const
      await context.addCookies([{ ...cookie, ...attributes, url: `https://${hostname}/` }])
    },
    run: (source, argument) => page.evaluate(`(${source})(${JSON.stringify(argument)})`),
    close: () => browser.close(),
  }
}

/** Speaks Marionette, the protocol of Firefox: messages as JSON, each after its length and a colon. */
async function connectMarionette(port: number) {
  const socket = connect({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  const pending = new Map<number, (reply: { error: unknown; value: unknown }) => void>()
  let buffer = Buffer.alloc(0)
  let lastId = 0
  socket.on('data', (chunk) => {
    buffer = Buffer.concat([buffer, chunk])
    for (;;) {
      const colon = buffer.indexOf(':')
      const end = colon + 1 + Number(buffer.subarray(0, colon))
      if (colon === -1 || buffer.length < end) return
      const message: unknown = JSON.parse(String(buffer.subarray(colon + 1, end)))
      buffer = buffer.subarray(end)
      // The first message is a greeting.
      if (!Array.isArray(message)) continue
      const [, id, error, result] = message as [number, number, unknown, unknown]
      const value = (result as { value?: unknown } | null)?.value
      pending.get(id)?.({ error, value })
    }
  })
  async function command(name: string, parameters: object = {}): Promise<unknown> {
    lastId += 1
    const id = lastId
    const text = JSON.stringify([0, id, name, parameters])
    const reply = new Promise<{ error: unknown; value: unknown }>((resolve) => {
      pending.set(id, resolve)
    })
    socket.write(`${Buffer.byteLength(text)}:${text}`)
    const { error, value } = await reply
    if (error) throw new Error(`${name}: ${JSON.stringify(error)}`)
    return value
  }
  return { command, close: () => socket.destroy() }
}

async function openFirefox(url: string): Promise<BrowserPage> {
  const [port = 0] = await findFreePorts(1)
  const running = await startProgram('firefox-esr', [port], async (folder) => {
    await writeFile(`${folder}/user.js`, `user_pref('marionette.port', ${port});\n`)
    return ['--headless', '--marionette', '--no-remote', '--profile', folder]
  })
  const { command, close } = await connectMarionette(port)
  await command('WebDriver:NewSession', {})
  await command('WebDriver:SetTimeouts', { script: 60_000 })
  await command('WebDriver:Navigate', { url })
  return {
    async setCookie(cookie) {
      await command('WebDriver:DeleteAllCookies')
      if (cookie === undefined) return
      const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'Strict' }
      await command('WebDriver:AddCookie', { cookie: { ...cookie, ...attributes } })
    },
    run: (source, argument) => {
      const script = `const done = arguments[1]; (${source})(arguments[0]).then(done)`
      return command('WebDriver:ExecuteAsyncScript', { script, args: [argument] })
    },
    async close() {
      close()
      await running.stop()
    },
  }
}

export const browserKinds: readonly BrowserKind[] = [
  { name: 'Chromium', open: openChromium },
  { name: 'Firefox', program: 'firefox-esr', open: openFirefox },
]
