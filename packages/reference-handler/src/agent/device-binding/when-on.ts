// What the operations ask of device binding. Where it is off, nothing of it is loaded.
import type { SetCookie } from '../../http/cookies.ts'
import { leftOut } from '../../left-out.ts'
import type { AgentContext, AgentInput } from '../context.ts'
import type { SessionContent } from '../session-cookie.ts'
import type { Standing } from './judge-proof.ts'

const [loadJudge, loadOffer] =
  typeof __TOKEN_HANDLER_DEVICE_BINDING__ === 'undefined' || __TOKEN_HANDLER_DEVICE_BINDING__
    ? [() => import('./judge-proof.ts'), () => import('./offer.ts')]
    : [leftOut, leftOut]

/** Decides whether a request for a session may go on: see `judge-proof.ts`. */
export async function requireProof(
  context: Pick<AgentContext, 'configuration' | 'now' | 'onDeviceBinding' | 'sealer'>,
  input: Pick<AgentInput, 'boundCookies' | 'isProofSkipped'>,
  session: SessionContent,
): Promise<Standing> {
  if (context.configuration.deviceBinding.mode === 'off') return { kind: 'unbound' }
  const { judgeProof } = await loadJudge()
  return await judgeProof(context, input, session)
}

/** Resolves with the header that offers to bind a session, if there is one: see `offer.ts`. */
export async function offerBinding(
  context: AgentContext,
  session: SessionContent,
  issued: readonly SetCookie[],
): Promise<Readonly<Record<string, string>>> {
  if (context.configuration.deviceBinding.mode === 'off') return {}
  const { describeOffer } = await loadOffer()
  return await describeOffer(context, session, issued)
}
