// What has to be true of each page of a world.
import type { Session, TraceStep } from '../../src/index.ts'
import type { ModelPage } from './world.ts'

/** Breaks the run when the condition does not hold. */
export type Must = (condition: boolean, sentence: string) => void

export interface PageInvariantParts {
  readonly must: Must
  /** How many answers so far have said for good that there is no session. */
  readonly endings: () => number
  /** Whether pages know what has happened: no message is on its way. */
  readonly isInformed: () => boolean
  /** A request is sent a third time. */
  readonly countSecondReplay: () => void
}

/** Watches a page from its beginning. */
export function watchPage(page: ModelPage, parts: PageInvariantParts): void {
  const { must, endings, isInformed, countSecondReplay } = parts
  const { client } = page
  let last: Session = client.getSnapshot()
  let endingsWhenAsked = 0
  let endingsBefore = 0
  let epoch = 0
  let skips = 0
  const skipsAtFirst = new Map<number, number>()

  client.subscribe(() => {
    const next = client.getSnapshot()
    const wasSignedIn = last.status === 'authenticated'
    const isSignedIn = next.status === 'authenticated'
    last = next
    if (!page.isOpen()) return
    if (isSignedIn && !wasSignedIn) endingsBefore = endingsWhenAsked
    if (wasSignedIn && next.status === 'unauthenticated') {
      must(endings() > endingsBefore, 'no session ends without a definitive answer')
    }
  })

  function watchRequest({ request, attempt, ...step }: TraceStep & { kind: 'request' }): void {
    must(step.epoch >= epoch, 'epochs only grow, for every page')
    epoch = step.epoch
    // It may wait for a refresh that was left out for one before it, which waits still.
    if (attempt === 1) skipsAtFirst.set(request, Math.min(skips, ...skipsAtFirst.values()))
    if (attempt < 3) return
    countSecondReplay()
    must(attempt === 3, 'no request is sent a fourth time')
    must(
      skips > (skipsAtFirst.get(request) ?? skips),
      'a request is sent a third time only after a refresh was left out',
    )
  }

  client.on('trace', (step) => {
    if (step.kind === 'refresh-skipped') skips += 1
    if (step.kind === 'request') watchRequest(step)
    if (step.kind === 'response' && step.status !== 401) skipsAtFirst.delete(step.request)
    // It may hear of an ending only after it has asked; and so may the tab that it asks.
    if (step.kind === 'agent-request')
      endingsWhenAsked = isInformed() && page.isListening() ? endings() : -1
    if (step.kind === 'message' && step.type === 'session-wanted') endingsWhenAsked = -1
  })
}
