// The body of a request as it is when `fetch` is called, whatever the caller does with it afterwards.

/**
 * Copies a body that can change; any other is returned as it is: `fetch` takes what it sends when it is called, and a
 * request to an API may be sent later, or again.
 *
 * @see {@link https://fetch.spec.whatwg.org/#concept-bodyinit-extract Fetch, to extract a body}
 */
export function copyBody(body: BodyInit): BodyInit {
  if (body instanceof URLSearchParams) return new URLSearchParams(body)
  if (body instanceof ArrayBuffer) return body.slice(0)
  if (ArrayBuffer.isView(body)) {
    return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice()
  }
  if (!(body instanceof FormData)) return body
  const copy = new FormData()
  // oxlint-disable-next-line unicorn/no-array-for-each -- the types of the DOM know no iterator of FormData
  body.forEach((value, name) => copy.append(name, value))
  return copy
}
