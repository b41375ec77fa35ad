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
  return whole(status, headers, {
    text: async () => text,
    json: async (): Promise<unknown> => JSON.parse(text),
  })
}

/** Makes an answer of JSON. */
export const wholeJson = (members: Readonly<Record<string, unknown>>, status: number): Response =>
  whole(status, json, {
    text: async () => JSON.stringify(members),
    // A copy: the library changes what it reads.
    json: async () => ({ ...members }),
  })

const json = { 'content-type': 'application/json' }

function whole(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: { readonly text: () => Promise<string>; readonly json: () => Promise<unknown> },
): Response {
  const own: WholeHeaders = {
    get: (name) => (Object.hasOwn(headers, name) ? (headers[name] ?? null) : null),
    has: (name) => Object.hasOwn(headers, name),
  }
  const response = Object.assign(Object.create(prototype), {
    status,
    ok: status >= 200 && status < 300,
    headers: own,
    ...body,
    clone: () => response,
  })
  return response
}
