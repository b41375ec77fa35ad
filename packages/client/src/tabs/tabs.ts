// The tabs of this browser that speak with the same agent: what they know together, and how they hear of it.
import type { Channel, Platform } from '../platform/platform.ts'
import type { SessionFacts, TokenRenewal } from '../session/session-facts.ts'
import type { TabMessageType, Tracer } from '../trace.ts'
import {
  firstNotice,
  isHandedSession,
  isNewer,
  isNotice,
  isTabMessage,
  parseNotice,
} from './tab-messages.ts'
import type { HandedSession, Notice, TabMessage } from './tab-messages.ts'

/** What this tab does about messages of other tabs. */
export interface TabListener {
  /** Something happened to the session; `knownSince` is the `since` that was followed before. */
  readonly follow: (notice: Notice, knownSince: number) => void
  /** This tab's session, if it can vouch for it. */
  readonly handOver: () => SessionFacts | undefined
  /** The newest notice is not in storage any more: the app may have cleared it. */
  readonly remind: () => void
  /** Another session may have begun than the newest notice says. */
  readonly doubt: () => void
}

/** This tab among the others. */
export interface Tabs {
  /** The newest notice of any tab. */
  readonly latest: () => Notice
  /** Adopts a notice, given as JSON, as the newest one if it is; it is followed once it arrives. */
  readonly adoptNotice: (json: string) => void
  /** Publishes to the other tabs that something happened; begins the next epoch. Returns the notice. */
  readonly publish: (type: TabMessageType, renewal?: TokenRenewal) => Notice
  /** Asks the other tabs for their session. Resolves with nothing when none answers at once. */
  readonly askForSession: () => Promise<HandedSession | undefined>
  /** Says what no tab needs to remember. */
  readonly say: (type: TabMessageType) => void
  /** Whether another tab holds the fallback lock, which is used where there are no Web Locks. */
  readonly isClaimed: () => boolean
  /**
   * Writes the newest notice back, if storage has lost it, and posts it. Under the lock of all tabs, since what
   * this tab sees of storage may be late. Returns whether it was lost.
   */
  readonly writeBack: () => boolean
  /** Follows notices that have come only to storage, or came while this page could not listen. */
  readonly catchUp: () => void
  /** Begins to listen: once at first, and again when the page comes back. */
  readonly open: (listener: TabListener) => void
  readonly close: () => void
}

// Milliseconds. A tab that is alive answers within one or two.
const HAND_OVER_TIMEOUT = 50
// No claim is valid for longer: the claiming tab's request to the agent has timed out by then.
const CLAIM_TIMEOUT = 15_000

/**
 * Opens nothing yet, and has followed whatever was there before.
 *
 * @param prefix - the same for all apps of this origin that use the same agent
 */
export function createTabs(
  platform: Platform,
  prefix: string,
  tabId: string,
  tracer: Tracer,
): Tabs {
  const key = `${prefix}:session`
  let newest = firstNotice
  // Whether storage has ever kept a notice: without, nothing is lost.
  let isStored = false
  let listener: TabListener | undefined
  let channel: Channel | undefined
  let receiveSession: ((session: HandedSession) => void) | undefined
  let claimedUntil = 0

  /** Storage may be gone, or not there at all: epochs only grow all the same. */
  function adoptNotice(json: string | undefined): Notice {
    const found = parseNotice(json)
    if (found && isNewer(found, newest)) newest = found
    return newest
  }

  function latest(): Notice {
    const stored = platform.localStorage.get(key)
    isStored ||= stored !== undefined
    return adoptNotice(stored)
  }

  function isLost(): boolean {
    const { epoch } = latest()
    return isStored && epoch > (parseNotice(platform.localStorage.get(key))?.epoch ?? 0)
  }

  function remindIfLost(): void {
    if (isLost()) listener?.remind()
  }

  // The last notice that this tab has acted upon.
  let followed = latest()

  function arrive(notice: Notice): void {
    if (isNewer(notice, newest)) newest = notice
    if (!isNewer(notice, followed)) return
    const { since } = followed
    followed = newest
    listener?.follow(newest, since)
  }

  function post(message: TabMessage): void {
    const { type, epoch } = message
    tracer.takeStep?.({ kind: 'message', direction: 'sent', type, from: tabId, epoch })
    channel?.post(message)
  }

  const say = (type: TabMessageType, content?: object): void =>
    post({ v: 1, tabId, type, epoch: latest().epoch, ...content })

  function receive(message: unknown): void {
    if (!isTabMessage(message)) return
    const { type, epoch, tabId: from } = message
    tracer.takeStep?.({ kind: 'message', direction: 'received', type, from, epoch })
    if (type === 'claimed') claimedUntil = platform.monotonicNow() + CLAIM_TIMEOUT
    if (type === 'released') claimedUntil = 0
    if (type === 'session-wanted') {
      const session = listener?.handOver()
      if (session) say('session', session)
    } else if (isHandedSession(message)) {
      // A tab that does not know the newest yet may hand over a session that has ended.
      if (epoch >= latest().epoch) receiveSession?.(message)
    } else if (isNotice(message)) {
      const isNews = isNewer(message, newest)
      arrive(message)
      if (isNews) return
      // It may be late, or newer than it says: a tab that has opened since storage was evicted counts anew.
      if (message.since === epoch && from !== newest.tabId) listener?.doubt()
      if (epoch < newest.epoch) remindIfLost()
    }
  }

  return {
    latest,
    adoptNotice,
    publish(type, renewal) {
      const previous = latest()
      const { renewedAt, accessTokenExpiresAt } = renewal ?? previous
      // The first epoch is later than those that are forgotten: the app, or the browser, may clear storage.
      const epoch = previous.epoch ? previous.epoch + 1 : platform.now()
      const isOther = type === 'signed-in' || type === 'signed-out' || type === 'expired'
      const since = isOther ? epoch : previous.since
      newest = { v: 1, tabId, type, epoch, since, renewedAt, accessTokenExpiresAt }
      // What another tab said just before is still on its way here, and has to be followed.
      if (followed.epoch === previous.epoch) followed = newest
      platform.localStorage.set(key, JSON.stringify(newest))
      post(newest)
      return newest
    },
    askForSession: () =>
      new Promise((resolve) => {
        if (!channel) return resolve(undefined)
        const cancel = platform.setTimer(HAND_OVER_TIMEOUT, () => resolve(undefined))
        receiveSession = (session) => {
          cancel()
          resolve(session)
        }
        say('session-wanted')
      }),
    say,
    isClaimed: () => platform.monotonicNow() < claimedUntil,
    writeBack() {
      const wasLost = isLost()
      if (wasLost) {
        newest = { ...newest, again: true }
        platform.localStorage.set(key, JSON.stringify(newest))
        post(newest)
      }
      return wasLost
    },
    catchUp: () => arrive(latest()),
    open(own) {
      if (!listener) {
        platform.onStored(key, () => {
          arrive(latest())
          remindIfLost()
        })
      }
      listener = own
      channel = platform.openChannel(prefix, receive)
    },
    close() {
      channel?.close()
      channel = undefined
    },
  }
}
