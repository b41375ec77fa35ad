// Profile `token-handler-1`, as a mock speaks it: forms, a version header, JSON.
import {
  endpoints,
  FORM_CONTENT_TYPE,
  operations,
  tokenHandler1Server,
  VERSION,
  VERSION_HEADER,
} from '@token-handler/contract'
import type { MockEndpoint, MockProfile } from './profile.ts'

function endpointAt(path: string): MockEndpoint | undefined {
  const operation = operations.find((candidate) => endpoints[candidate].path === path)
  if (operation === undefined) return undefined
  return {
    method: endpoints[operation].method,
    operation,
    decode: (body) => {
      const parameters = new URLSearchParams(body)
      return new Set(parameters.keys()).size === parameters.size
        ? { kind: 'operation', operation, parameters }
        : { kind: 'malformed', details: 'a parameter is there twice' }
    },
  }
}

/** The default. */
export const tokenHandler1Mock: MockProfile = {
  name: tokenHandler1Server.name,
  contentType: FORM_CONTENT_TYPE,
  requestHeaders: [VERSION_HEADER],
  endpointAt,
  distrust: ({ headers }) =>
    headers.get(VERSION_HEADER) === VERSION
      ? undefined
      : `every request needs the header ${VERSION_HEADER}: ${VERSION}`,
  encodeResult: (operation, result) => ({
    status: 200,
    body: tokenHandler1Server.encodeResult(operation, result),
  }),
  encodeError: ({ status, code, details }) => ({
    status,
    body: tokenHandler1Server.encodeError({ code, details }),
  }),
}
