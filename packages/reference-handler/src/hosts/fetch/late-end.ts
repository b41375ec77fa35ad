// The end of a client whose handshake is still to be answered: what comes for it until then waits.
import type { Message, RelayEnd } from './relay.ts'

/** An end that keeps what it is told until the real one is there. */
export interface LateEnd extends RelayEnd {
  readonly open: (end: RelayEnd) => void
}

/** Creates one. */
export function createLateEnd(): LateEnd {
  let real: RelayEnd | undefined
  const waiting: ((end: RelayEnd) => void)[] = []
  const tell = (action: (end: RelayEnd) => void) => {
    if (real === undefined) waiting.push(action)
    else action(real)
  }
  return {
    send: (message: Message) => tell((end) => end.send(message)),
    close: (code, reason) => tell((end) => end.close(code, reason)),
    open(end) {
      real = end
      for (const action of waiting.splice(0)) action(end)
    },
  }
}
