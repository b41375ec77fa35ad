// What has to be true of any world, at every moment and when it has come to rest.
import type { FakeBrowser, Lacks } from '../support/fake-browser.ts'
import { PREFIX } from '../support/page.ts'
import { parseNotice } from '../../src/tabs/tab-messages.ts'
import { operationOf } from './agent-model.ts'
import { isRefresh } from './network.ts'
import type { Network, NetworkListener, Transit } from './network.ts'
import { watchPage } from './page-invariants.ts'
import { readVerdict } from './verdict.ts'
import type { Verdict } from './verdict.ts'
import type { ModelPage } from './world.ts'

/** What is counted on the way. */
export interface Counts {
  readonly refreshes: number
  /** Refreshes whose answer never reached the browser. */
  readonly unheardAnswers: number
  /** Refreshes that were sent although APIs would have taken the access token. */
  readonly needless: number
  /** Requests that were sent a third time. */
  readonly secondReplays: number
}

export interface Invariants {
  readonly network: NetworkListener
  readonly watch: (network: Network, browser: FakeBrowser) => void
  readonly follow: (page: ModelPage) => void
  readonly expectToSettle: (page: ModelPage, promise: Promise<unknown>) => void
  readonly signedInElsewhere: () => void
  readonly forgotStorage: () => void
  /** @throws the first invariant that was broken */
  readonly check: () => void
  /** As `check`, when nothing is on its way any more. */
  readonly checkTold: (pages: readonly ModelPage[]) => void
  /** As `check`, when every page has been looked at since. */
  readonly checkAtRest: (pages: readonly ModelPage[]) => void
  readonly counts: () => Counts
}

/** What the invariants have to know of the world. */
export interface InvariantParts {
  /** What the browser lacks: some promises are not made then. */
  readonly lacks: Lacks
  /** Whether no message is on its way between the pages. */
  readonly isQuiet: () => boolean
  /** Whether APIs would take the access token in the browser's cookies. */
  readonly isFresh: () => boolean
}

/** Watches a world. */
export function createInvariants({ lacks, isQuiet, isFresh }: InvariantParts): Invariants {
  const isDegraded = Object.keys(lacks).length > 0
  const failures: Error[] = []
  const pending = new Map<Promise<unknown>, ModelPage>()
  const counts = { refreshes: 0, unheardAnswers: 0, needless: 0, secondReplays: 0 }
  let wire: ReadonlySet<Transit> = new Set()
  let browser: FakeBrowser | undefined
  let storedEpoch = 0
  let endings = 0
  let verdict: Verdict | undefined
  // A page that has gone tells nobody what it never heard.
  let isVerdictHeard = false
  // Nobody has told the pages of such a session: a new page cannot know that it is news.
  let hasUnheardSession = false
  // A page has gone whose sign-out arrived after it: another may have asked just before, and told that
  // there is a session. Who hears that there is none cannot know which of the two is older, and asks again.
  let hasUnheardEnd = false
  // A page knows that its user has signed out, and nobody has heard of another session since.
  let isSignedOut = false
  // Storage was cleared or evicted on this day.
  let hasForgotten = false
  const askedAfterSignOut = new WeakSet<Transit>()
  const pageOf = new Map<Transit['sender']['isOpen'], ModelPage>()
  const excused = new WeakSet<Transit['sender']>()
  // Who has waited for the lock for 20 seconds goes on without it: the one exception.
  const impatient = new Set<() => boolean>()
  const unlocked = new WeakSet<Transit>()

  function must(condition: boolean, sentence: string): void {
    if (!condition) failures.push(new Error(`Broken: ${sentence}`))
  }

  function checkRefresh(transit: Transit): void {
    if (impatient.delete(transit.sender.isOpen)) unlocked.add(transit)
    if (isDegraded || unlocked.has(transit)) return
    // The request of a page that has gone is nobody's any more: its lock is free.
    const rivals = [...wire].filter(
      (other) =>
        isRefresh(other) && other !== transit && other.sender.isOpen() && !unlocked.has(other),
    )
    must(rivals.length === 0, 'one refresh at a time')
    // A tab that counts from before storage was lost takes the news of it for old, and may refresh once: the agent says no.
    const isExcused = hasForgotten && !excused.has(transit.sender)
    if (isSignedOut) excused.add(transit.sender)
    must(!isSignedOut || isExcused, 'no refresh after a sign-out')
  }

  /** A page that shows another user sends nothing of the one before. */
  function checkUser({ user, sender }: Transit): void {
    const session = pageOf.get(sender.isOpen)?.client.getSnapshot()
    if (!user || session?.status !== 'authenticated') return
    must(session.claims['sub'] === user, 'no request of one user is sent as another')
  }

  function check(): void {
    const stored = browser?.localStorage.get(`${PREFIX}:session`)
    must(!/alice|bob/.test(stored ?? ''), 'no claim is written to storage')
    const epoch = parseNotice(stored)?.epoch ?? 0
    // A tab that does not see yet what another has written back may put an earlier one in its place: it is reminded.
    must(epoch >= storedEpoch || hasForgotten, 'epochs only grow')
    storedEpoch = epoch
    const [failure] = failures
    if (failure) throw failure
  }

  /** Whether a page shows what an answer has settled; a page that says it does not know may be wrong. */
  function checkVerdict({ client }: ModelPage): void {
    const session = client.getSnapshot()
    if (session.status !== 'authenticated' || session.stale || verdict === undefined) return
    must(verdict !== 'ended', 'no session survives its end')
    const isTheirs = verdict !== 'ended' && session.claims['sub'] === verdict.user
    must(isTheirs, 'every page shows the same user')
  }

  return {
    network: {
      sent(transit) {
        checkUser(transit)
        if (isSignedOut) askedAfterSignOut.add(transit)
        if (!isRefresh(transit)) return
        counts.refreshes += 1
        counts.unheardAnswers += 1
        if (isFresh()) counts.needless += 1
        checkRefresh(transit)
      },
      arrived(transit, { status, json, isOutdated, isReplacement }) {
        if (isRefresh(transit)) counts.unheardAnswers -= 1
        // The end of a sign-in, or a refresh that a sign-in has overtaken: its page has gone, its lock was
        // free, and its cookies put the earlier session back. Pages find out when they are looked at.
        if (isReplacement && !transit.sender.isOpen()) hasUnheardSession = true
        if (operationOf(transit.url) === 'logout') hasUnheardEnd = !transit.sender.isOpen()
        if (isReplacement) hasUnheardEnd = false
        const next = readVerdict(transit.url, status, json)
        if (next === undefined) return
        // An answer that was overtaken by a sign-in or a sign-out settles nothing: it is about the
        // session before. Whoever hears it may still believe it, until the news arrives: a page in the
        // back/forward cache does so until it comes back, while all others know better.
        if (!isOutdated) {
          verdict = next
          isVerdictHeard = transit.sender.isOpen()
        }
        if (next === 'ended') endings += 1
        if (operationOf(transit.url) === 'logout' && transit.sender.isOpen()) isSignedOut = true
        // Whoever asked after the sign-out, and hears of a session, may use it.
        if (next !== 'ended' && askedAfterSignOut.has(transit)) isSignedOut = false
      },
    },
    watch(network, ownBrowser) {
      wire = network.wire
      browser = ownBrowser
    },
    follow(page) {
      pageOf.set(page.isOpen, page)
      page.client.on('trace', (step) => {
        const isImpatient = step.kind === 'lock' && step.phase === 'unlocked'
        if (isImpatient && step.operation === 'refresh') impatient.add(page.isOpen)
      })
      const countSecondReplay = () => void (counts.secondReplays += 1)
      // A page without storage learns late what has happened before it was opened.
      const isInformed = () => !isDegraded && !hasForgotten && isQuiet()
      watchPage(page, { must, endings: () => endings, isInformed, countSecondReplay })
    },
    expectToSettle(page, promise) {
      const settled = promise.catch(() => {})
      pending.set(settled, page)
      void settled.then(() => pending.delete(settled))
    },
    signedInElsewhere() {
      // What was settled before is about another session.
      verdict = undefined
      isSignedOut = false
      hasUnheardSession = true
    },
    forgotStorage() {
      storedEpoch = 0
      // A page that opens now cannot know of the sign-out, and may refresh once: the agent says no.
      isSignedOut = false
      // Nor of the end before the session that it finds: for a second, a lock still tells it as news, and the
      // page shows no session until it has asked again.
      hasForgotten = true
    },
    check,
    checkTold(pages) {
      // Who knows of no session, since storage has lost the news of it, has no end to tell: the others find out when they
      // ask. That they do is checked at rest; what tabs tell after storage was lost has tests of its own.
      const isEndUntold = hasUnheardEnd || hasForgotten
      const isTold = isVerdictHeard && !(verdict === 'ended' ? isEndUntold : hasUnheardSession)
      if (!isDegraded && isTold) {
        for (const page of pages.filter(({ isListening }) => isListening())) checkVerdict(page)
      }
      check()
    },
    checkAtRest(pages) {
      const waiting = [...pending.values()].filter((page) => page.isOpen())
      must(waiting.length === 0, 'every caller gets an answer')
      for (const page of pages) {
        must(page.client.getSnapshot().status !== 'loading', 'every page finds out')
        checkVerdict(page)
      }
      check()
    },
    counts: () => counts,
  }
}
