// Answers of the authorization server whose text is there already, in the form in which the OAuth library reads answers.

/** What is read of headers. */
type WholeHeaders = Pick<Headers, 'get' | 'has'>

/**
 * Makes headers.
 *
 * @param headers - names in lower case
 */
export function wholeHeaders(headers: Readonly<Record<string, string>>): WholeHeaders {
  const get = (name: string): string | null => {
    const key = name.toLowerCase()
    return Object.hasOwn(headers, key) ? (headers[key] ?? null) : null
  }
  return { get, has: (name) => get(name) !== null }
}

/** The headers of an answer that has none. */
export const noHeaders: WholeHeaders = wholeHeaders({})

/**
 * As much of a `Response` as anything here reads. The library takes what says that it is one: a body of Fetch is a stream,
 * and making and reading one for each step from the network to the tokens took a tenth of a refresh.
 */
const prototype = { [Symbol.toStringTag]: 'Response', body: null, bodyUsed: false }

/** Makes an answer. Its headers may be those of another one. */
export function wholeResponse(status: number, headers: WholeHeaders, text: string): Response {
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

const json = wholeHeaders({ 'content-type': 'application/json' })

function whole(
  status: number,
  headers: WholeHeaders,
  body: { readonly text: () => Promise<string>; readonly json: () => Promise<unknown> },
): Response {
  const response = Object.assign(Object.create(prototype), {
    status,
    ok: status >= 200 && status < 300,
    headers,
    ...body,
    clone: () => response,
  })
  return response
}
