// Serves the page of a dev server: the document, and its decisions as server-sent events.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DemoUser } from '../../authorization-server/users.ts'
import type { Decision, DecisionLog } from '../decision-log.ts'
import { renderDevelopmentPage } from './document.ts'
import { policy } from './policy.ts'

/** Where the page is. */
export const PAGE_PATH = '/__token-handler'

/** What the page shows. */
export interface PageContent {
  readonly users: readonly DemoUser[]
  readonly decisions: DecisionLog
  readonly agentPath: string
  /** Of the cookies whose sizes are shown. */
  readonly prefix: string
  readonly issuer: string | undefined
}

/** Answers a request below {@link PAGE_PATH}. */
export function servePage(
  request: IncomingMessage,
  response: ServerResponse,
  content: PageContent,
): void {
  const [path] = (request.url ?? '').split('?', 1)
  if (request.method !== 'GET') response.writeHead(405, { allow: 'GET' }).end()
  else if (path === `${PAGE_PATH}/events`) sendEvents(response, content.decisions)
  else if (path === `${PAGE_PATH}/cookies`) sendCookies(request, response, content.prefix)
  else if (path === PAGE_PATH) {
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
    })
    response.end(renderDevelopmentPage(content))
  } else response.writeHead(404).end()
}

const write = (response: ServerResponse, decision: Decision): void =>
  void response.write(`id: ${decision.id}\ndata: ${JSON.stringify(decision)}\n\n`)

function sendEvents(response: ServerResponse, { last, follow }: DecisionLog): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  // So that the browser takes the stream for open, even before anything was decided.
  response.write(': decisions\n\n')
  for (const decision of last()) write(response, decision)
  response.once(
    'close',
    follow((decision) => write(response, decision)),
  )
}

/** Names and sizes; the values stay where they are. */
function sendCookies({ headers }: IncomingMessage, response: ServerResponse, prefix: string): void {
  const cookies = (headers.cookie ?? '')
    .split('; ')
    .map((pair) => ({ name: pair.split('=', 1)[0] ?? '', bytes: pair.length }))
    .filter(({ name }) => prefix !== '' && name.startsWith(prefix))
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(cookies))
}
