// Where the authorization server tells which sessions it has ended.

/** The path below the agent's. */
export const BACK_CHANNEL_LOGOUT_PATH = '/backchannel-logout'
