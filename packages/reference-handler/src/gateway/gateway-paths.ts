// Where gateways ask, below the path of the agent.

/** Which sessions have been ended. Asked several times a second. */
export const ENDED_SESSIONS_PATH = '/gateway/ended-sessions'

/** What a proxy cookie is worth. */
export const ACCESS_TOKEN_PATH = '/gateway/access-token'
