// What a session needs where it is bound to a device, or has to be: for asking after it, and for its refresh.
import { cookieName } from '@token-handler/contract'
import { expiredCookie } from '../../http/cookies.ts'
import { agentFailure, fail } from '../agent-decision.ts'
import type { FailedDecision } from '../agent-decision.ts'
import type { AgentContext, AgentInput } from '../context.ts'
import type { SessionContent } from '../session-cookie.ts'
import { readBoundCookies } from './sealed.ts'
import { unboundEnd } from './unbound-end.ts'

/** Whether the request may go on; `details` say why the session is over for whoever sent it. */
export type Standing =
  | { readonly kind: 'unbound' | 'bound' }
  | { readonly kind: 'over'; readonly details: string }
  | { readonly kind: 'later'; readonly decision: FailedDecision }

/** Decides, by the bound cookie, and by what the browser says of why there is none. */
export async function judgeProof(
  context: Pick<AgentContext, 'configuration' | 'now' | 'onDeviceBinding' | 'sealer'>,
  { boundCookies, isProofSkipped }: Pick<AgentInput, 'boundCookies' | 'isProofSkipped'>,
  session: SessionContent,
): Promise<Standing> {
  const { configuration, onDeviceBinding } = context
  const { cookies } = configuration
  const { deviceKey } = session
  if (deviceKey === undefined) {
    if ((unboundEnd(configuration, session) ?? Infinity) > context.now()) return { kind: 'unbound' }
    onDeviceBinding('refused')
    return {
      kind: 'over',
      details:
        'The browser has not bound the session to its device in time (deviceBinding.within): it cannot, or something keeps its registration from the agent.',
    }
  }
  const found = await readBoundCookies(context, boundCookies, deviceKey)
  if (found === 'proven') return { kind: 'bound' }
  if (isProofSkipped) {
    onDeviceBinding('skipped')
    return later('The browser could not prove in time that it has the key of this session.')
  }
  onDeviceBinding('refused')
  if (found === 'missing') {
    const details =
      'The session is bound to a device, and this browser has not proven that it has the key: the cookies are a copy, or the browser has lost its key.'
    return { kind: 'over', details }
  }
  // Without this cookie the browser that has the key makes a new proof, whatever its clock says.
  return later('The last proof is too old.', [expiredCookie(cookieName(cookies.prefix, 'bound'))])
}

function later(details: string, cookies: FailedDecision['cookies'] = []): Standing {
  const failure = agentFailure('temporarily_unavailable', details)
  return { kind: 'later', decision: fail({ ...failure, headers: { 'retry-after': '5' } }, cookies) }
}
