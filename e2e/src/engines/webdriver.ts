// A session of a browser that speaks WebDriver over HTTP. It does one thing at a time, in one window at a time.

/** A session. */
export interface WebDriver {
  readonly capabilities: Readonly<Record<string, unknown>>
  /**
   * Does something in one window, and lets nobody else in between.
   *
   * @param handle - of the window; without one, whatever window the session is in
   */
  readonly within: <T>(handle: string | undefined, work: (send: Send) => Promise<T>) => Promise<T>
}

/**
 * Sends a command.
 *
 * @param path - below the session's
 * @throws with the error's code and message
 * @see {@link https://www.w3.org/TR/webdriver2/#endpoints WebDriver section 6.4}
 */
export type Send = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
) => Promise<unknown>

/** Opens a session. */
export async function openSession(driverUrl: string, capabilities: object): Promise<WebDriver> {
  async function send(method: string, path: string, body: object = {}): Promise<unknown> {
    const answer = await fetch(driverUrl + path, {
      method,
      ...(method === 'POST' && { body: JSON.stringify(body) }),
    })
    const { value } = (await answer.json()) as { value: unknown }
    if (answer.ok) return value
    const { error, message } = value as { error: string; message: string }
    throw new Error(`${error}: ${message}`)
  }
  const opened = (await send('POST', '/session', {
    capabilities: { alwaysMatch: capabilities },
  })) as { readonly sessionId: string; readonly capabilities: Record<string, unknown> }
  const session = `/session/${opened.sessionId}`

  let last: Promise<unknown> = Promise.resolve()
  let current: string | undefined
  return {
    capabilities: opened.capabilities,
    within(handle, work) {
      const turn = last.then(async () => {
        if (handle !== undefined && handle !== current) {
          await send('POST', `${session}/window`, { handle })
          current = handle
        }
        return await work((method, path, body) => send(method, session + path, body))
      })
      last = turn.catch(() => {
        // The window may have gone.
        current = undefined
      })
      return turn
    },
  }
}
