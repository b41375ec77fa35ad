// Every header that the handler's rules or nginx's name: both do the same with it, whichever list it was added to.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { requestText, sendRaw } from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import { isPluginMissing } from '../src/programs.ts'
import { shareGateway } from '../src/shared-gateway.ts'

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const handler = 'packages/reference-handler/src/proxy'
const plugin = 'gateways/nginx/token-handler/lib/token_handler'

/** They frame the message, decide about it, or are what is decided. */
const notSent = new Set(
  'authorization close connection content-length content-type cookie expect host http2-settings keep-alive location origin te token-handler-version trailer transfer-encoding upgrade'.split(
    ' ',
  ),
)

/** Names in quotes; and of the handler's families, which stand in a regular expression, one of each. */
function namesIn(...texts: readonly string[]): readonly string[] {
  const quoted = texts.flatMap((text) => [
    ...text.matchAll(/['"]([a-z][a-z\d]*(?:-[a-z\d]+)*)['"]/g),
  ])
  const families = texts.flatMap((text) => {
    const [, all = ''] = /\/\^\(\?:(.*)\)\(\?:-\|\$\)\//.exec(text) ?? []
    const [, inner = ''] = /x-\(\?:(.*)\)/.exec(all) ?? []
    const outer = all.replace(/\|?x-\(\?:.*\)/, '').split('|')
    return [...outer, ...inner.split('|').map((name) => `x-${name}`)].filter(
      (name) => all !== '' && name !== '',
    )
  })
  const names = [...quoted.map(([, name = '']) => name), ...families]
  // A family is its name, and all that begin with it.
  return [...new Set(names.flatMap((name) => [name, `${name}-a`, `${name}a`]))]
    .filter((name) => !notSent.has(name))
    .toSorted()
}

describe.skipIf(isPluginMissing())('headers that a rule of the handler or of nginx names', () => {
  const gateway = shareGateway()
  const ports = () => [gateway.handler.port, gateway.port]

  it.each([
    [204, undefined],
    [304, ['5']],
  ])('the length that an API states with %s reaches the page as %s', async (status, length) => {
    gateway.answerWith((_request, response) => {
      response.socket?.end(`HTTP/1.1 ${status} Without a body\r\nContent-Length: 5\r\n\r\n`)
    })
    for (const port of ports()) {
      const answer = await sendRaw(port, requestText('GET', '/api/orders', gateway.goodLines))
      expect(answer.status).toBe(status)
      expect(answer.headers['content-length']).toEqual(length)
    }
  })

  it('reach the API from both, or from neither', async () => {
    const names = namesIn(
      read(`${handler}/request-headers.ts`),
      read(`${plugin}/request_headers.lua`),
    )
    expect(names).toEqual(expect.arrayContaining(['dpop', 'x-envoy', 'x-envoy-a', 'client-ip']))
    // In parts, because a head has an end.
    for (let start = 0; start < names.length; start += 40) {
      const part = names.slice(start, start + 40)
      const lines = [...gateway.goodLines, ...part.map((name) => `${name}: probe`)]
      const [expected, seen] = await Promise.all(
        ports().map(async (port) => {
          const { body } = await sendRaw(port, requestText('GET', '/api', lines))
          const { rawHeaders } = JSON.parse(body) as { readonly rawHeaders: readonly string[] }
          return part.filter((name) =>
            rawHeaders.some(
              (text, index) => text.toLowerCase() === name && rawHeaders[index + 1] === 'probe',
            ),
          )
        }),
      )
      expect(seen).toEqual(expected)
      expect(expected?.length).toBeGreaterThan(0)
    }
  })

  it('reach the page from both, or from neither', async () => {
    const names = namesIn(
      read(`${handler}/response-rules.ts`),
      read(`${plugin}/response_rules.lua`),
    )
    expect(names).toEqual(
      expect.arrayContaining(['dpop-nonce', 'nel', 'x-sendfile', 'x-sendfilea']),
    )
    gateway.answerWith((_request, response) => {
      for (const name of names) response.setHeader(name, 'probe')
      response.end()
    })
    const text = requestText('GET', '/api', gateway.goodLines)
    const [expected, seen] = await Promise.all(
      ports().map(async (port) => {
        const { headers } = await sendRaw(port, text)
        return names.filter((name) => headers[name]?.some((value) => value.includes('probe')))
      }),
    )
    expect(seen).toEqual(expected)
    expect(expected?.length).toBeGreaterThan(10)
  })
})
