// What the two endpoints of device binding read and decide, as data; `endpoints.ts` turns it into HTTP.
import type { SetCookie } from '../../http/cookies.ts'
import type { AgentInput } from '../context.ts'
import type { DeviceBindingEvent } from './events.ts'

/** A request of the browser itself. */
export interface BindingInput extends Pick<AgentInput, 'cookies'> {
  readonly request: Request
}

/** The decision. */
export type BindingAnswer =
  /** The browser has proven that it has the key. */
  | {
      readonly kind: 'bound'
      readonly event: DeviceBindingEvent
      readonly headers: Readonly<Record<string, string>>
      readonly cookies: readonly SetCookie[]
      readonly body: Readonly<Record<string, unknown>>
    }
  /** It shall sign this challenge. */
  | { readonly kind: 'challenge'; readonly headers: Readonly<Record<string, string>> }
  /** There is nothing to bind, or nothing to prove any more. `details` are for the log. */
  | { readonly kind: 'over'; readonly event: DeviceBindingEvent; readonly details: string }
  /** Something is down: the browser shall come again. */
  | { readonly kind: 'down'; readonly details: string; readonly cause?: unknown }
