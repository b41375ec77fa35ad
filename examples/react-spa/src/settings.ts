// Where the servers are. The defaults are the local stack's.

/** The OAuth Agent. */
export const agentUrl: string =
  import.meta.env.VITE_AGENT_URL ?? 'http://api.app.localhost:3000/oauth-agent'

/** The API behind the OAuth Proxy. */
export const apiUrl: string = import.meta.env.VITE_API_URL ?? 'http://api.app.localhost:3000/api'

/** The local stack's development control; absent everywhere else. */
export const controlUrl: string | undefined = import.meta.env.VITE_CONTROL_URL
