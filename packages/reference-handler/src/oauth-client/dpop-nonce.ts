// Requests to the authorization server that are sent again because it wants a nonce in their proof.
import { parseObject } from './parse-object.ts'

/**
 * Sends a request, and once more where the answer is that its proof needs a nonce: the request was refused unread,
 * so that a code or a refresh token in it is as good as before. The nonce itself is kept by the key that proves.
 *
 * @param send - sends the request with a new proof each time
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449#section-8 RFC 9449 section 8}
 */
export async function sendWithNonce(send: () => Promise<Response>): Promise<Response> {
  const answer = await send()
  if (!answer.headers.has('dpop-nonce')) return answer
  const members = parseObject(await answer.clone().text())
  return members?.['error'] === 'use_dpop_nonce' ? await send() : answer
}
