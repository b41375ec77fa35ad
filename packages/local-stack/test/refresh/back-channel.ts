// The back channel of an authorization server: an HTTP server in front of it that counts refreshes.
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { createDeferred } from '../../../reference-handler/test/support/deferred.ts'
import type { Fetch } from '../../../reference-handler/src/ports.ts'
import { close, listen, LOOPBACK } from '../../src/listening.ts'

export interface BackChannel {
  /** Without a trailing slash; what lies below it lies below the issuer. */
  readonly url: string
  /** How often a refresh token was sent, by whatever process. */
  readonly refreshCalls: () => number
  /** Keeps the next answer back for good; resolves when the authorization server has given it. */
  readonly keepBack: () => Promise<void>
  /** Keeps the next answer back until it is let go; resolves, when it is there, with what does that. */
  readonly holdBack: () => Promise<() => void>
  readonly stop: () => Promise<void>
}

/** A request, and what relays it to a path below the issuer. */
export interface RelayedRequest {
  /** With a leading slash. */
  readonly path: string
  /** Of a refresh. */
  readonly refreshToken: string | undefined
  readonly relay: (path: string) => Promise<Response>
}

/**
 * Starts a back channel. Requests are answered one after the other: looking a refresh token up and
 * marking it as used is one step, as in a database with transactions, and no matter of luck.
 *
 * @param fetch - reaches the authorization server
 * @param answerRequest - answers in place of the authorization server, or by asking it
 */
export async function startBackChannel(
  issuer: string,
  fetch: Fetch,
  answerRequest: (request: RelayedRequest) => Promise<Response> = ({ path, relay }) => relay(path),
): Promise<BackChannel> {
  let calls = 0
  let last: Promise<unknown> = Promise.resolve()
  let onKeptBack: (() => void) | undefined
  let onHeldBack: ((letGo: () => void) => void) | undefined

  async function relay({ method = '', url = '', headers }: IncomingMessage, body: string) {
    const { authorization, 'content-type': type } = headers
    const relayTo = (path: string) =>
      fetch(issuer + path, {
        method,
        headers: {
          ...(authorization !== undefined && { authorization }),
          ...(type !== undefined && { 'content-type': type }),
        },
        body: body || null,
        redirect: 'manual',
      })
    const refreshToken = new URLSearchParams(body).get('refresh_token') ?? undefined
    if (refreshToken !== undefined) calls += 1
    return await answerRequest({ path: url, refreshToken, relay: relayTo })
  }

  async function answer(request: IncomingMessage): Promise<Response | undefined> {
    const body = await text(request)
    const relayed = last.then(() => relay(request, body))
    last = relayed.catch(() => {})
    const response = await relayed
    if (onHeldBack !== undefined) {
      const held = createDeferred()
      onHeldBack(held.resolve)
      onHeldBack = undefined
      await held.promise
    }
    if (onKeptBack === undefined) return response
    onKeptBack()
    onKeptBack = undefined
    return undefined
  }

  const server = createServer((request, outgoing) => {
    answer(request).then(
      async (response) => {
        if (response === undefined) return
        outgoing.writeHead(response.status, [...response.headers].flat())
        outgoing.end(await response.text())
      },
      () => outgoing.destroy(),
    )
  })
  const port = await listen(server, { port: 0, service: 'the back channel', option: 'none' })
  return {
    url: `http://${LOOPBACK}:${port}`,
    refreshCalls: () => calls,
    keepBack: () =>
      new Promise((resolve) => {
        onKeptBack = resolve
      }),
    holdBack: () =>
      new Promise((resolve) => {
        onHeldBack = resolve
      }),
    stop: () => close(server),
  }
}
