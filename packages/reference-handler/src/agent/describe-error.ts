// Describing errors for the log without their messages: those may quote tokens, codes and answers.
import { safeMessage } from '../oauth-client/safe-errors.ts'

/** What the log says about an error. */
export interface ErrorDescription {
  readonly name: string
  readonly code?: string
  /** Only of errors that are known to quote nothing. */
  readonly message?: string
}

const MAX_CAUSES = 5

/** Describes an error, its cause, the cause's cause, and so on. */
export function describeError(error: unknown): ErrorDescription[] {
  const chain: ErrorDescription[] = []
  let current = error
  while (current instanceof Error && chain.length < MAX_CAUSES) {
    const message = safeMessage(current)
    const code = 'code' in current && typeof current.code === 'string' ? current.code : undefined
    chain.push({
      name: current.name,
      ...(code !== undefined && { code }),
      ...(message !== undefined && { message }),
    })
    current = current.cause
  }
  return chain
}

/** Where an unexpected error was thrown: its stack without its message. */
export function describeStack(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { message, stack = '' } = error
  const start = stack.indexOf(message)
  return start < 0 ? undefined : stack.slice(start + message.length).trim()
}
