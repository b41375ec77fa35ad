// The outcome of a refresh as plain data that other instances can read, and back.
import * as z from 'zod/mini'
import { readContent } from './session-cookie.ts'
import type { AgentFailure } from './agent-decision.ts'
import type { RefreshableSession, RenewalResult } from './refresh-coordinator.ts'

const cookies = z.array(
  z.object({ name: z.string(), value: z.string(), maxAge: z.exactOptional(z.number()) }),
)

const failure = z.object({
  status: z.number(),
  code: z.string(),
  details: z.string(),
  headers: z.exactOptional(z.record(z.string(), z.string())),
})

const storedSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('renewed'),
    renewal: z.object({
      session: z.custom<RefreshableSession>(
        (value) => readContent(value)?.refreshToken !== undefined,
      ),
      cookies,
      failure: z.exactOptional(failure),
    }),
  }),
  z.object({ kind: z.literal('failure'), failure, cookies }),
])

/** What one instance tells the others of a refresh. */
export type StoredResult = z.infer<typeof storedSchema>

/** The outcome without the cause of a failure: an error is no data, and concerns one instance only. */
export function toStoredResult(result: RenewalResult): unknown {
  if (result.kind === 'ended') return result
  if (result.kind === 'failure') return { ...result, failure: withoutCause(result.failure) }
  const { failure: answered, ...renewal } = result.renewal
  if (answered === undefined) return result
  return { ...result, renewal: { ...renewal, failure: withoutCause(answered) } }
}

function withoutCause(failed: AgentFailure): Omit<AgentFailure, 'cause'> {
  const { cause: _, ...answered } = failed
  return answered
}

/** Reads what {@link toStoredResult} made; `undefined` of anything else. */
export const readStoredResult = (content: unknown): StoredResult | undefined =>
  storedSchema.safeParse(content).data
