// What an answer of the agent settles for good.
import { tokenHandler1 } from '@token-handler/contract'
import { operationOf } from './agent-model.ts'

/** Whose session there is, or that there is none. */
export type Verdict = { readonly user: unknown } | 'ended'

/** Reads an answer; `undefined` when it settles nothing. */
export function readVerdict(url: string, status: number, json: unknown): Verdict | undefined {
  const operation = operationOf(url)
  if (operation === 'refresh') return status === 401 ? 'ended' : undefined
  if (status !== 200) return undefined
  if (operation === 'logout') return 'ended'
  if (operation !== 'session' && operation !== 'endLogin') return undefined
  const result = tokenHandler1.decodeResult(operation, json)
  return result?.isLoggedIn ? { user: result.claims?.['sub'] } : 'ended'
}
