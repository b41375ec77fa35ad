// A connection to a browser that speaks WebDriver BiDi: commands with answers, and events.

/** A connection. */
export interface Bidi {
  /**
   * @throws with the error's code and message
   * @see {@link https://w3c.github.io/webdriver-bidi/ WebDriver BiDi}
   */
  readonly send: (method: string, parameters?: object) => Promise<Record<string, unknown>>
  readonly on: (method: string, listener: (parameters: Record<string, unknown>) => void) => void
  readonly close: () => void
}

interface Message {
  readonly type: 'success' | 'error' | 'event'
  readonly id?: number
  readonly result?: Record<string, unknown>
  readonly error?: string
  readonly message?: string
  readonly method?: string
  readonly params?: Record<string, unknown>
}

/** Connects, and resolves when the browser has taken the connection. */
export async function connectBidi(url: string): Promise<Bidi> {
  const socket = new WebSocket(url)
  const pending = new Map<number, PromiseWithResolvers<Record<string, unknown>>>()
  const listeners = new Map<string, (parameters: Record<string, unknown>) => void>()
  let lastId = 0

  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message
    if (message.type === 'event') {
      listeners.get(message.method ?? '')?.(message.params ?? {})
      return
    }
    const command = pending.get(message.id ?? 0)
    pending.delete(message.id ?? 0)
    if (message.type === 'success') command?.resolve(message.result ?? {})
    else command?.reject(new Error(`${message.error}: ${message.message}`))
  })
  socket.addEventListener('close', () => {
    for (const { reject } of pending.values()) reject(new Error('The browser has gone.'))
    pending.clear()
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true })
    socket.addEventListener('error', () => reject(new Error(`No connection to ${url}`)))
  })

  return {
    on: (method, listener) => void listeners.set(method, listener),
    close: () => socket.close(),
    send(method, parameters = {}) {
      lastId += 1
      const answer = Promise.withResolvers<Record<string, unknown>>()
      pending.set(lastId, answer)
      socket.send(JSON.stringify({ id: lastId, method, params: parameters }))
      return answer.promise
    },
  }
}
