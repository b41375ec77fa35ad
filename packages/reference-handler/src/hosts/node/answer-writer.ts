// Writing an answer as it arrives: in one piece if it arrived so, and piece by piece as fast as the client reads.
import type { ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import type { HeaderLines } from '../../proxy/headers.ts'

/** Writes one answer. */
export interface AnswerWriter {
  readonly start: (
    source: Dispatcher.DispatchController,
    status: number,
    headers: HeaderLines,
  ) => void
  readonly write: (chunk: Buffer) => void
  readonly end: () => void
}

/**
 * Creates the writer. Head and first piece are held back until what the upstream's connection has brought is read: an
 * answer that is complete by then is one write to the client. What takes longer is written as it is, the head
 * alone if nothing else is there: a client would otherwise wait for it as long as an event stream is silent.
 */
export function createAnswerWriter(response: ServerResponse): AnswerWriter {
  let source: Dispatcher.DispatchController | undefined
  let isHeld = false
  let held: Buffer | undefined

  let awaitsDrain = false

  const resume = () => source?.resume()

  function write(chunk: Buffer): void {
    if (response.write(chunk)) return
    if (!awaitsDrain) response.on('drain', resume)
    awaitsDrain = true
    source?.pause()
  }

  function release(): void {
    if (!isHeld) return
    isHeld = false
    if (held !== undefined) write(held)
    held = undefined
  }

  function flush(): void {
    const isHead = isHeld && held === undefined
    release()
    if (isHead && !response.writableEnded) response.flushHeaders()
  }

  return {
    start(from, status, headers) {
      source = from
      response.writeHead(status, [...headers])
      isHeld = true
      process.nextTick(flush)
    },
    write(chunk) {
      if (isHeld && held === undefined) held = chunk
      else {
        release()
        write(chunk)
      }
    },
    end() {
      isHeld = false
      if (held === undefined) response.end()
      else response.end(held)
    },
  }
}
