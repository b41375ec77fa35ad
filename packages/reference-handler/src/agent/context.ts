// What every operation of the agent works with.
import type { AuthorizationServer } from '../oauth-client/authorization-server.ts'
import type { Configuration } from '../configuration/schema.ts'
import type { Log, Schedule } from '../ports.ts'
import type { Sealer } from '../sealing/sealer.ts'
import type { EndedSessions } from '../store/ended-sessions.ts'
import type { StoreCrypto } from '../store/store-crypto.ts'
import type { DeviceBindingEvent } from './device-binding/events.ts'
import type { RefreshCoordinator } from './refresh-coordinator.ts'

/** The surroundings of an operation, the same for every request. */
export interface AgentContext {
  readonly configuration: Configuration
  readonly authorizationServer: AuthorizationServer
  readonly sealer: Sealer
  /** SHA-256. */
  readonly hash: StoreCrypto['hash']
  readonly refreshCoordinator: RefreshCoordinator
  /** Those ended from elsewhere; without a store nobody tells. */
  readonly endedSessions: EndedSessions | undefined
  readonly now: () => number
  readonly schedule: Schedule
  readonly log: Log
  /** Counts what becomes of device binding. */
  readonly onDeviceBinding: (event: DeviceBindingEvent) => void
}

/** What an operation reads of a request that passed all guards. */
export interface AgentInput {
  /** Values of the cookies of ours, by name. */
  readonly cookies: ReadonlyMap<string, string>
  /** All of them; a sign-out goes on also where a name occurs twice. */
  readonly allCookies: readonly (readonly [name: string, value: string])[]
  /** Values of the bound cookie, should there be several. */
  readonly boundCookies: readonly string[]
  /** The browser says why it has not proven what it was to prove. */
  readonly isProofSkipped: boolean
  /** The form. */
  readonly parameters: URLSearchParams
}
