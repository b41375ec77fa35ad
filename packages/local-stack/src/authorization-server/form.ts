// Reading a posted form.
import type { IncomingMessage } from 'node:http'

const MAX_CHARACTERS = 10_000

/** Resolves with the fields of a form-encoded body; a body that is far too long has none. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) {
    body += String(chunk)
    if (body.length > MAX_CHARACTERS) return new URLSearchParams()
  }
  return new URLSearchParams(body)
}
