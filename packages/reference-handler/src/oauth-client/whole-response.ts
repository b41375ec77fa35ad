// Answers of the authorization server whose text is there already, in the form in which the OAuth library reads answers.

/** What is read of a header. */
interface WholeHeaders {
  readonly get: (name: string) => string | null
  readonly has: (name: string) => boolean
}

/**
 * As much of a `Response` as anything here reads. The library takes what says that it is one: a body of Fetch is a stream,
 * and making and reading one for each step from the network to the tokens took a tenth of a refresh.
 */
const prototype = { [Symbol.toStringTag]: 'Response', body: null, bodyUsed: false }

/**
 * Makes an answer.
 *
 * @param headers - names in lower case
 */
export function wholeResponse(
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
): Response {
  const own: WholeHeaders = {
    get: (name) => (Object.hasOwn(headers, name) ? (headers[name] ?? null) : null),
    has: (name) => Object.hasOwn(headers, name),
  }
  const response = Object.assign(Object.create(prototype), {
    status,
    ok: status >= 200 && status < 300,
    headers: own,
    text: async () => text,
    json: async (): Promise<unknown> => JSON.parse(text),
    clone: () => response,
  })
  return response
}

/** Makes an answer of JSON. */
export const wholeJson = (members: Readonly<Record<string, unknown>>, status: number): Response =>
  wholeResponse(status, { 'content-type': 'application/json' }, JSON.stringify(members))
