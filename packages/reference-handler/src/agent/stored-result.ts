// The outcome of a refresh as plain data that other instances can read, and back.
import * as z from 'zod'
import { sessionSchema } from './session-cookie.ts'
import type { RenewalResult } from './refresh-coordinator.ts'

const cookies = z.array(
  z.object({ name: z.string(), value: z.string(), maxAge: z.number().exactOptional() }),
)

const storedSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('renewed'),
    renewal: z.object({
      session: sessionSchema.extend({ refreshToken: z.string().min(1) }),
      cookies,
    }),
  }),
  z.object({
    kind: z.literal('failure'),
    failure: z.object({
      status: z.number(),
      code: z.string(),
      details: z.string(),
      headers: z.record(z.string(), z.string()).exactOptional(),
    }),
    cookies,
  }),
])

/** What one instance tells the others of a refresh. */
export type StoredResult = z.infer<typeof storedSchema>

/** The outcome without the cause of a failure: an error is no data, and concerns one instance only. */
export function toStoredResult(result: RenewalResult): unknown {
  if (result.kind !== 'failure') return result
  const { kind, cookies } = result
  const { cause: _, ...failure } = result.failure
  return { kind, failure, cookies }
}

/** Reads what {@link toStoredResult} made; `undefined` of anything else. */
export const readStoredResult = (content: unknown): StoredResult | undefined =>
  storedSchema.safeParse(content).data
