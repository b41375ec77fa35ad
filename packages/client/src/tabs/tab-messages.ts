// The messages that tabs exchange about the session. The newest notice also stands in localStorage.
import { isNumber, isObject, isOptional, isString, parseJson } from '../json.ts'
import type { SessionFacts, TokenRenewal } from '../session/session-facts.ts'
import type { TabMessageType } from '../trace.ts'

/** What every message has. A tab that does not know its version ignores it. */
export interface TabMessage {
  readonly v: 1
  readonly tabId: string
  readonly type: TabMessageType
  /** The epoch as the sender knows it. */
  readonly epoch: number
}

/** Something happened to the session. Each notice begins an epoch, a number that only grows. */
export interface Notice extends TabMessage, TokenRenewal {
  /** The epoch in which the session began or ended: what was asked before is about another one. */
  readonly since: number
  /** Told again, because storage had lost it: another session may have begun unheard since. */
  readonly again?: boolean | undefined
}

/** A session that one tab hands to another. */
export type HandedSession = TabMessage & SessionFacts

/** The notice that stands before the first one. */
export const firstNotice: Notice = {
  v: 1,
  tabId: '',
  type: 'not-signed-out',
  epoch: 0,
  since: 0,
  renewedAt: 0,
}

const isOptionalNumber = isOptional(isNumber)

/** Whether another tab's message can be understood; what it is about may still be unknown here. */
export function isTabMessage(value: unknown): value is TabMessage {
  return (
    isObject(value) &&
    value['v'] === 1 &&
    isString(value['type']) &&
    isString(value['tabId']) &&
    isNumber(value['epoch']) &&
    isOptionalNumber(value['accessTokenExpiresAt']) &&
    isOptionalNumber(value['sessionExpiresAt'])
  )
}

/** Whether a message is a notice. */
export function isNotice(message: TabMessage): message is Notice {
  const { since, renewedAt }: Partial<Notice> = message
  return isNumber(since) && isNumber(renewedAt)
}

/** Reads a notice; what is not understood counts as absent. */
export function parseNotice(json: string | undefined): Notice | undefined {
  const value = parseJson(json ?? '')
  return isTabMessage(value) && isNotice(value) ? value : undefined
}

/** Whether a message hands a session over. */
export function isHandedSession(message: TabMessage): message is HandedSession {
  const { claims }: Partial<HandedSession> = message
  return isObject(claims)
}

/** Whether the session has ended. */
export const hasEnded = ({ type }: Notice): boolean => type === 'signed-out' || type === 'expired'

/** Whether the session has ended for good: no page need ask the agent. */
export const isDefiniteEnd = (notice: Notice): boolean => hasEnded(notice) && !notice.again

/**
 * Whether a notice is news after another. Two of one epoch come of tabs that could not wait for each
 * other. Then an end counts: the agent is asked before a tab goes on with a session.
 */
export const isNewer = (notice: Notice, than: Notice): boolean =>
  notice.epoch === than.epoch ? hasEnded(notice) && !hasEnded(than) : notice.epoch > than.epoch

/** Whether the session has ended, or a sign-out is in flight: no time to refresh. */
export const isOver = (notice: Notice): boolean => hasEnded(notice) || notice.type === 'signing-out'
