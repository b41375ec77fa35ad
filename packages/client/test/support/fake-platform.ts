// A browser tab made of plain values, with a clock that only the test moves.
import type {
  EarlyAnswer,
  Fetch,
  KeyValueStore,
  PageEventName,
  Platform,
} from '../../src/platform/platform.ts'
import { createFakeBrowser } from './fake-browser.ts'
import type { FakeBrowser } from './fake-browser.ts'
import { createGate } from './gate.ts'

export { START } from './fake-browser.ts'

/** The tab, and the controls of the test. */
export interface FakeTab {
  readonly platform: Platform
  readonly browser: FakeBrowser
  readonly localStorage: Map<string, string>
  readonly sessionStorage: Map<string, string>
  /** Where the page was sent, oldest first. */
  readonly navigations: string[]
  /** Those of them that left no entry in the history. */
  readonly replacing: string[]
  /** What the address bar was changed to without a navigation, oldest first. */
  readonly replacements: string[]
  readonly url: () => string
  /** The user opens a URL in this tab, or reloads it: scripts start anew, storage stays. */
  readonly open: (url: string) => void
  /** An inline script of the page runs, before any client is there. */
  readonly runScript: (script: string) => void
  /** The user closes the tab. Requests with `keepalive` arrive, answers do not. */
  readonly close: () => void
  readonly advance: (milliseconds: number) => void
  /** The user does something, and whatever happens from now on is their doing. */
  readonly click: () => void
  /** The tab is hidden, shown, or gets its network back. */
  readonly tell: (event: PageEventName) => void
  /** The page comes back from the back/forward cache. */
  readonly restore: () => void
  /** The user stops the last navigation, or stays on a `beforeunload` prompt; some browsers tell the page. */
  readonly stopNavigation: () => void
  /** What runs on the page, not the SDK, clears localStorage. */
  readonly clearStorage: () => void
  /** The next page of this tab is only prerendered, until it is activated. */
  readonly prerender: () => void
  readonly activate: () => void
  /** WebKit takes the locks of this page away, which is in the back/forward cache. */
  readonly loseLocks: () => void
  readonly setTopLevel: (isTopLevel: boolean) => void
  readonly pageListenerCount: () => number
}

function createMapStore(map: Map<string, string>): KeyValueStore {
  return {
    get: (key) => map.get(key),
    set: (key, value) => void map.set(key, value),
    remove: (key) => void map.delete(key),
  }
}

export function createFakeTab(
  fetch: Fetch,
  startUrl = 'https://www.example.com/',
  // One tab alone need not wait for others to answer.
  browser: FakeBrowser = createFakeBrowser({ channel: true }),
): FakeTab {
  let url = startUrl
  let isUserActive = false
  let isVisible = true
  let page = browser.openPage()
  const pageListeners = new Set<(event: PageEventName) => void>()
  const sessionStorage = new Map<string, string>()
  const navigations: string[] = []
  let early: Record<string, EarlyAnswer> | undefined
  const replacing: string[] = []
  const replacements: string[] = []
  let stopNavigation = () => {}
  let activation: { readonly promise: Promise<void>; readonly begin: () => void } | undefined
  let isTopLevel = true

  function close(): void {
    page.close()
    pageListeners.clear()
  }

  function tell(event: PageEventName): void {
    if (event === 'visible' || event === 'hidden') isVisible = event === 'visible'
    if (event === 'restored') page.freeze(false)
    for (const listener of pageListeners) listener(event)
    if (event === 'left') page.freeze(true)
  }

  const tab: FakeTab = {
    browser,
    localStorage: browser.localStorage,
    sessionStorage,
    navigations,
    replacing,
    replacements,
    platform: {
      fetch(input, init) {
        const sender = page
        const never = new Promise<never>(() => {})
        // A page that has gone asks nothing, and hears no answer.
        if (!sender.isOpen()) return never
        return fetch(input, init).then(
          (response) => (sender === page ? response : never),
          (error: unknown) => {
            if (sender === page) throw error
            return never
          },
        )
      },
      takeEarlyAnswer(agentUrl) {
        const answer = early?.[agentUrl]
        delete early?.[agentUrl]
        return answer
      },
      now: browser.now,
      monotonicNow: browser.monotonicNow,
      random: () => 0.5,
      setTimer: (delay, callback) => page.setTimer(delay, callback),
      localStorage: {
        get: (key) => page.localStorage.get(key),
        set: (key, value) => page.localStorage.set(key, value),
        remove: (key) => page.localStorage.remove(key),
      },
      onStored: (key, listener) => page.onStored(key, listener),
      // Deferred while the page is prerendered, though the signal is not.
      requestLock(name, options, task) {
        if (!activation) return page.requestLock(name, options, task)
        const granted = activation.promise.then(() => page.requestLock(name, options, task))
        return Promise.race([
          granted as ReturnType<typeof task>,
          new Promise<never>((_, reject) => {
            options.signal?.addEventListener('abort', () => reject(options.signal?.reason))
          }),
        ])
      },
      heldLocks: () => page.heldLocks(),
      openChannel: (name, listener) => page.openChannel(name, listener),
      sessionStorage: createMapStore(sessionStorage),
      pageUrl: () => url,
      baseUrl: () => url,
      replaceUrl(next) {
        url = next
        replacements.push(next)
      },
      isUserActive: () => isUserActive,
      isVisible: () => isVisible,
      isTopLevel: () => isTopLevel,
      whenActivated: () => activation?.promise,
      onPageEvent(listener) {
        pageListeners.add(listener)
        return () => void pageListeners.delete(listener)
      },
      navigate(next, { isReplacing, onStopped }) {
        navigations.push(next)
        if (isReplacing) replacing.push(next)
        stopNavigation = onStopped
      },
    },
    url: () => url,
    open(next) {
      close()
      page = browser.openPage()
      url = next
      early = undefined
    },
    runScript(script) {
      const window: { tokenHandlerEarly?: Record<string, EarlyAnswer> } = {}
      const world = {
        window,
        document: { baseURI: url },
        location: new URL(url),
        localStorage: { getItem: (key: string) => page.localStorage.get(key) ?? null },
        fetch: tab.platform.fetch,
        Date: { now: browser.now },
        AbortSignal: {
          timeout(delay: number) {
            const giveUp = new AbortController()
            page.setTimer(delay, () => giveUp.abort(new DOMException('', 'TimeoutError')))
            return giveUp.signal
          },
        },
      }
      // oxlint-disable-next-line no-implied-eval -- what a page does with an inline script
      new Function(...Object.keys(world), script)(...Object.values(world))
      early = window.tokenHandlerEarly
    },
    close() {
      close()
      page = browser.openPage()
      page.close()
    },
    advance: browser.advance,
    click() {
      isUserActive = true
    },
    tell,
    restore: () => tell('restored'),
    stopNavigation: () => stopNavigation(),
    clearStorage: () => page.clearStorage(),
    prerender() {
      const { passed: promise, open } = createGate()
      const own = new Map(sessionStorage)
      activation = {
        promise,
        begin() {
          // What a prerendered page has written is gone.
          sessionStorage.clear()
          for (const [key, value] of own) sessionStorage.set(key, value)
          activation = undefined
          open()
        },
      }
    },
    activate() {
      tell('visible')
      activation?.begin()
    },
    loseLocks: () => page.loseLocks(),
    setTopLevel(next) {
      isTopLevel = next
    },
    pageListenerCount: () => pageListeners.size,
  }
  return tab
}
