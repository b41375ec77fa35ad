// Reading a form-encoded request body within limits.
import { FORM_CONTENT_TYPE } from '@token-handler/contract'
import { describeParameter } from './describe-parameter.ts'
import { fromFetch } from './plain.ts'
import type { PlainRequest } from './plain.ts'

/** Larger than any authorization response, smaller than any nuisance. */
const MAX_BODY_BYTES = 16_384

/** RFC 8707 allows several of these; every other parameter of OAuth occurs once (RFC 6749 section 3.1). */
const REPEATABLE = 'resource'

/** The parameters of a body, or why there are none; `reason` is for logs and developers. */
export type FormReading =
  | { readonly kind: 'form'; readonly parameters: URLSearchParams }
  | {
      readonly kind: 'refused'
      readonly code: 'payload_too_large' | 'unsupported_media_type' | 'invalid_request'
      readonly reason: string
    }

const tooLarge: FormReading = {
  kind: 'refused',
  code: 'payload_too_large',
  reason: `The body has more than ${MAX_BODY_BYTES} bytes.`,
}

/** Reads the body of a request as form parameters, see {@link readPlainForm}. */
export const readForm = (request: Request): Promise<FormReading> =>
  readPlainForm(fromFetch(request))

/**
 * Reads the body of a request as form parameters. An empty body needs no content type. Rejects when the body breaks off.
 *
 * @see {@link https://url.spec.whatwg.org/#application/x-www-form-urlencoded URL, application/x-www-form-urlencoded}
 */
export async function readPlainForm({ header, readBody }: PlainRequest): Promise<FormReading> {
  if (Number(header('content-length') ?? 0) > MAX_BODY_BYTES) return tooLarge
  const body = await readBody(MAX_BODY_BYTES)
  if (body === undefined) return tooLarge
  if (body.length === 0) return { kind: 'form', parameters: new URLSearchParams() }

  const [mediaType = ''] = (header('content-type') ?? '').split(';')
  if (mediaType.trim().toLowerCase() !== FORM_CONTENT_TYPE) {
    const reason = `The body must be ${FORM_CONTENT_TYPE}.`
    return { kind: 'refused', code: 'unsupported_media_type', reason }
  }
  const parameters = new URLSearchParams(new TextDecoder().decode(body))
  const repeated = findRepeated(parameters)
  if (repeated !== undefined) {
    const reason = `${describeParameter(repeated)} occurs more than once.`
    return { kind: 'refused', code: 'invalid_request', reason }
  }
  return { kind: 'form', parameters }
}

function findRepeated(parameters: URLSearchParams): string | undefined {
  const seen = new Set<string>()
  for (const name of parameters.keys()) {
    if (seen.has(name) && name !== REPEATABLE) return name
    seen.add(name)
  }
  return undefined
}
