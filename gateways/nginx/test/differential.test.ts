// Random requests to the handler's proxy and to nginx with the plugin: the same decision, the same request to the API,
// the same answer. What may differ is said here, and explained in docs/nginx.md.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  Configuration,
  ConfigurationInput,
} from '../../../packages/reference-handler/src/configuration/schema.ts'
import { sealerOf } from '../../../packages/reference-handler/src/sealing/configured-sealer.ts'
import { requestText, sendRaw } from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import type { RawAnswer } from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import { answering, randomAnswers } from '../src/random-answers.ts'
import { randomRequests } from '../src/random-requests.ts'
import type { RawRequest } from '../src/random-requests.ts'
import { isPluginMissing } from '../src/programs.ts'
import { shareGateway } from '../src/shared-gateway.ts'

/** GATEWAY_RUNS=100000 asks for many, others each time. */
const RUNS = Number(process.env['GATEWAY_RUNS'] ?? 400)
const seed = process.env['GATEWAY_RUNS'] === undefined ? { seed: 42 } : {}

/** About one connection, or said by each server in its own name. */
const own = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'date',
  'server',
  'content-length',
])

type Lines = Readonly<Record<string, readonly string[]>>

/** By name, in the order of their lines; lists of one line or of several are the same. */
const comparable = (headers: Lines): [string, string][] =>
  Object.entries(headers)
    .filter(([name]) => !own.has(name))
    // An empty list allows as much as none; nginx sends no empty header.
    .filter(([name, values]) => name !== 'access-control-allow-headers' || values.join() !== '')
    .map(([name, values]): [string, string] => [
      name,
      name === 'set-cookie' ? values.join('\n') : values.join(', '),
    ])
    .toSorted(([one], [other]) => (one < other ? -1 : 1))

function byName(rawHeaders: readonly string[]): Lines {
  const lines: Record<string, string[]> = {}
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? ''
    lines[name] = [...(lines[name] ?? []), rawHeaders[index + 1] ?? '']
  }
  return lines
}

/** nginx refuses what it cannot read itself before it has read the headers: nobody knows then who may read the answer. */
const withoutCors = (headers: Lines): Lines =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('access-control')))

/** Nor whether it is a preflight; so does Node with what is not ASCII. */
const withoutPreflight = ({ lines, ...request }: RawRequest): RawRequest => ({
  ...request,
  lines: lines.filter((line) => !line.startsWith('Access-Control-Request-Method')),
})

/** An answer of the API counts by whether it has a body; and to HEAD, one of a server that cannot read the target. */
const summary = ({ status, headers, body }: RawAnswer, isOwn: boolean, method: string) => ({
  status,
  headers: comparable(isOwn && status === 400 ? withoutCors(headers) : headers),
  body: isOwn && method !== 'HEAD' ? body : !isOwn && body.length > 0,
})

/** What a route can say, besides where it leads. */
const shapes: readonly (readonly [
  title: string,
  share: number,
  route: Partial<Configuration['routes'][number]>,
  input: Partial<ConfigurationInput>,
])[] = [
  ['a plain route', 1, {}, {}],
  [
    'a route that does without a session and lets cookies and the host through',
    0.25,
    { session: 'optional', preserveHost: true, cookies: ['sticky'] },
    { server: { traceContext: 'drop' } },
  ],
]

describe.skipIf(isPluginMissing()).each(shapes)(
  'nginx with the plugin, beside the proxy of the handler, with %s',
  (_title, share, route, input) => {
    const runs = Math.ceil(RUNS * share)
    const gateway = shareGateway({ server: 'lingering_close off;' }, input, { changeRoute: route })

    async function ask(port: number, { method, target, lines, body }: RawRequest) {
      const before = gateway.upstreamRequests.length
      const answer = await sendRaw(port, requestText(method, target, lines) + body)
      const received = gateway.upstreamRequests
        .slice(before)
        .map(({ method, url, rawHeaders }) => ({
          method,
          url,
          headers: comparable(byName(rawHeaders)),
        }))
      return { answer: summary(answer, received.length === 0, method), received }
    }

    it(
      'decides, forwards and answers the same',
      async () => {
        const { configuration, port, goodLines, upstreamPort } = gateway.handler
        const sealer = sealerOf(configuration, {})
        const now = Date.now()
        const jwt = ['{}', '{"aud":"orders"}', '']
          .map((part) => Buffer.from(part).toString('base64url'))
          .join('.')
        const cookies = {
          good: goodLines.find((line) => line.startsWith('Cookie'))?.split('=')[1] ?? '',
          expired: await sealer.seal('proxy', ['token', now - 2000, now - 1000]),
          opaque: await sealer.seal('proxy', [jwt, now, now + 3_600_000, now, 'a-mark', 'b_mark']),
          session: await sealer.seal('session', { refreshToken: 'a' }),
        }
        const counts = new Map<number, number>()
        const inputs = fc.tuple(randomRequests(cookies), randomAnswers)
        await fc.assert(
          fc.asyncProperty(inputs, async ([request, answer]) => {
            gateway.answerWith(answering(answer, `127.0.0.1:${upstreamPort}`))
            let expected = await ask(port, request)
            let seen = await ask(gateway.port, request)
            const statuses = `${expected.answer.status} ${seen.answer.status}`
            if (statuses === '204 400' || statuses === '400 204') {
              expected = await ask(port, withoutPreflight(request))
              seen = await ask(gateway.port, withoutPreflight(request))
            }
            expect(seen).toEqual(expected)
            counts.set(expected.answer.status, (counts.get(expected.answer.status) ?? 0) + 1)
          }),
          { numRuns: runs, ...seed },
        )
        if (process.env['GATEWAY_RUNS']) {
          process.stdout.write(`${runs} requests, answers: ${JSON.stringify([...counts])}\n`)
        }
        // Neither all refused nor all forwarded.
        expect([...counts.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 403, 404, 405]))
      },
      Math.max(60_000, RUNS * 50),
    )
  },
)
