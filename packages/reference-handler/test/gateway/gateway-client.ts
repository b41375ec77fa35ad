// A gateway as far as the handler can tell: with the keys that `token-handler keys` prints, and nothing else.
import { createDecipheriv } from 'node:crypto'
import type { OAuthAgent } from '../../src/agent/oauth-agent.ts'
import { gatewayKeysOf } from '../../src/cli/gateway-keys.ts'
import type { HandlerKey } from '../../src/cli/gateway-keys.ts'
import type { Configuration } from '../../src/configuration/schema.ts'
import { unpackText } from '../../src/sealing/packed-text.ts'
import { agentUrl } from '../support/browser.ts'

export const nonce = 'a-nonce-of-this-question'

/** The keys for the handler, newest first. */
export function handlerKeysOf(configuration: Configuration): readonly HandlerKey[] {
  const [tenant] = gatewayKeysOf({ kind: 'single', configuration }).tenants
  return tenant?.handler ?? []
}

/** Opens a JWE with a key in base64url. */
export function openWith(key: string, sealed: string): unknown {
  const [header = '', , iv = '', ciphertext = '', tag = ''] = sealed.split('.')
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', bytes(key), bytes(iv), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(header)).setAuthTag(bytes(tag))
  const packed = Buffer.concat([decipher.update(bytes(ciphertext)), decipher.final()])
  return JSON.parse(unpackText(packed))
}

/** Sends a question. */
export const sendQuestion = (
  agent: OAuthAgent,
  path: string,
  form: Readonly<Record<string, string>>,
  credential: string,
): Promise<Response> =>
  agent(
    new Request(`${agentUrl}/gateway${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Bearer ${credential}`,
      },
      body: new URLSearchParams(form).toString(),
    }),
  )

/** Asks the handler, and opens its answer; it resolves with what comes behind the nonce. */
export async function ask(
  agent: OAuthAgent,
  configuration: Configuration,
  path: string,
  form: Readonly<Record<string, string>>,
): Promise<readonly unknown[]> {
  const [key] = handlerKeysOf(configuration)
  if (key === undefined) throw new Error('This configuration needs no gateway to ask.')
  const response = await sendQuestion(agent, path, { nonce, ...form }, key.credential)
  const content = openWith(key.key, await response.text())
  const [first, ...rest]: readonly unknown[] = Array.isArray(content) ? content : []
  if (first !== nonce) throw new Error('This is an answer to another question.')
  return rest
}
