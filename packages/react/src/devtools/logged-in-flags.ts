// The isLoggedIn flags that clients of this origin have written down.

/** The flag for one agent. */
export interface LoggedInFlag {
  readonly agentUrl: string
  readonly value: string
}

const KEY = /^token-handler:(.+):isLoggedIn$/

/** Reads all flags of this origin; none where storage is blocked. */
export function readLoggedInFlags(): readonly LoggedInFlag[] {
  try {
    return Object.entries<unknown>(localStorage).flatMap(([key, value]) => {
      const [, agentUrl] = KEY.exec(key) ?? []
      if (agentUrl === undefined) return []
      const [, flag] = /^(true|false):\d+$/.exec(String(value)) ?? []
      return [{ agentUrl, value: flag ?? 'unreadable' }]
    })
  } catch {
    return []
  }
}
