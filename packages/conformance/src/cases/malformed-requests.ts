// Requests of the trusted SPA that fit no operation.
import { endpoints, operations } from '@token-handler/contract'
import { FORM_CONTENT_TYPE, JSON_CONTENT_TYPE } from '@token-handler/contract'
import type { CaseContext, ConformanceCase } from '../case.ts'
import { check } from '../failure.ts'
import { checkRefusal, readResult, spaHeaders } from '../steps.ts'

/** Sends a trusted request that no operation fits. */
const send = (
  { subject, browser }: CaseContext,
  path: string,
  init: { readonly method: string; readonly body?: string; readonly contentType?: string },
): Promise<Response> => {
  const { method, body, contentType } = init
  const type = contentType === undefined ? {} : { 'content-type': contentType }
  return browser.sendRaw(subject.agentUrl + path, {
    method,
    headers: { ...spaHeaders(subject), ...type },
    ...(body !== undefined && { body }),
  })
}

/** Paths, methods and bodies that the agent refuses. */
export const malformedRequestCases: readonly ConformanceCase[] = [
  {
    id: 'unknown-path-is-404',
    title: 'A path that no operation has is not found',
    clause: 'RFC 9110 section 15.5.5',
    needs: [],
    run: async (context) => {
      for (const path of ['/nothing', '/session/', '/login', '/login/start/now']) {
        await checkRefusal(await send(context, path, { method: 'GET' }), 404, 'not_found')
      }
    },
  },
  {
    id: 'wrong-method-is-405',
    title:
      'Another method than the operation has is not allowed, and the answer names the right one',
    clause: 'RFC 9110 section 15.5.6',
    needs: [],
    run: async (context) => {
      for (const operation of operations) {
        const { path, method } = endpoints[operation]
        const response = await send(context, path, { method: method === 'GET' ? 'POST' : 'GET' })
        const allow = response.headers.get('allow') ?? ''
        await checkRefusal(response, 405, 'method_not_allowed')
        check(allow.split(/, */).includes(method), `Allow of ${path} does not name ${method}`)
      }
    },
  },
  {
    id: 'json-body-is-415',
    title: 'A body that is not form-encoded is refused',
    clause: 'RFC 9110 section 15.5.16',
    needs: [],
    run: async (context) => {
      for (const contentType of [JSON_CONTENT_TYPE, 'text/plain', 'multipart/form-data']) {
        const init = { method: 'POST', body: '{"prompt":"login"}', contentType }
        const response = await send(context, endpoints.startLogin.path, init)
        await checkRefusal(response, 415, 'unsupported_media_type')
      }
    },
  },
  {
    id: 'form-content-type-may-have-a-charset',
    title: 'A form with a charset in its content type is a form',
    clause: 'RFC 9110 section 8.3.1',
    needs: [],
    run: async (context) => {
      const contentType = `${FORM_CONTENT_TYPE};charset=UTF-8`
      const init = { method: 'POST', body: 'prompt=login', contentType }
      await readResult('startLogin', await send(context, endpoints.startLogin.path, init))
    },
  },
  {
    id: 'parameter-sent-twice-is-400',
    title: 'A parameter that is there twice is refused',
    clause: 'RFC 6749 section 3.1',
    needs: [],
    run: async (context) => {
      const init = { method: 'POST', contentType: FORM_CONTENT_TYPE }
      const twice = { ...init, body: 'prompt=login&prompt=none' }
      const started = await send(context, endpoints.startLogin.path, twice)
      await checkRefusal(started, 400, 'invalid_request')
      const ended = await send(context, endpoints.endLogin.path, {
        ...init,
        body: 'code=a&code=b&state=c',
      })
      await checkRefusal(ended, 400, 'invalid_request')
    },
  },
  {
    id: 'large-body-is-413',
    title: 'A body of 64 KiB is too large',
    clause: 'RFC 9110 section 15.5.14',
    needs: [],
    run: async (context) => {
      const body = `prompt=${'x'.repeat(65_536)}`
      const init = { method: 'POST', body, contentType: FORM_CONTENT_TYPE }
      const response = await send(context, endpoints.startLogin.path, init)
      await checkRefusal(response, 413, 'payload_too_large')
    },
  },
]
