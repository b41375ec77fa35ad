// What a proxy on Node cannot do without: node:http and undici, with our header rules, and no more. It checks nothing, waits
// for nobody, keeps no log, and sends the same token with every request. GET only.
import { createServer } from 'node:http'
import { Pool } from 'undici'
import {
  corsHeaders,
  createAnswerWriter,
  requestHeaders,
  responseHeaders,
  toHeaderLines,
} from '../internals.ts'
import { announce, setting } from './announce.ts'

/** As long as that of a session. */
const accessToken = 'x'.repeat(1200)
const trustedOrigin = 'https://www.app.example'
const cors = corsHeaders(trustedOrigin, [trustedOrigin])
const pool = new Pool(setting('UPSTREAM'), { allowH2: false, bodyTimeout: 0 })
const connection = { address: '127.0.0.1', protocol: 'http' } as const

const server = createServer({ optimizeEmptyRequests: true }, (request, response) => {
  const answer = createAnswerWriter(response)
  const host = 'api.app.example'
  const headers = requestHeaders(request.rawHeaders, { accessToken, connection, host })
  pool.dispatch(
    { path: request.url ?? '', method: 'GET', headers },
    {
      onRequestStart() {},
      onResponseStart(controller, status, received) {
        answer.start(controller, status, responseHeaders(toHeaderLines(received), 'th', cors))
      },
      onResponseData: (_controller, chunk) => answer.write(chunk),
      onResponseEnd: () => answer.end(),
      onResponseError: () => void response.destroy(),
    },
  )
})
server.keepAliveTimeout = 72_000
server.listen(0, '127.0.0.1', () => announce(server.address()))
