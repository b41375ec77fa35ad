// The three clients that every server registers, with secrets of this run.
import { randomBytes } from 'node:crypto'

/** A confidential client that is registered at a server. */
export interface RegisteredClient {
  readonly id: string
  readonly secret: string
}

/** The clients, by what they are for. */
export interface Clients {
  /** Its id and secret are letters and digits. */
  readonly client: RegisteredClient
  /** Authenticates with `client_secret_basic`; id and secret have `-`, `_` and `.` in them. */
  readonly punctuatedClient: RegisteredClient
  /** Authenticates with `client_secret_post`; the secret has characters that forms escape. */
  readonly postClient: RegisteredClient
}

/** Creates ids and secrets. */
export function createClients(): Clients {
  const random = (): string => randomBytes(16).toString('hex')
  return {
    client: { id: 'spa', secret: random() },
    punctuatedClient: { id: 'spa-1.web_app', secret: `q7_Xr-9.${random()}` },
    postClient: { id: 'spapost', secret: `a+b/c=d&e%f~${random()}` },
  }
}
