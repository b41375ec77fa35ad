// The pages name all that the handler's own proxy removes: the lists are the proxy's, and the pages repeat them.
import { readFileSync } from 'node:fs'
import { removedFamilies, removedNames } from '@token-handler/reference-handler/forward-auth'
import { expect, it } from 'vitest'
import { hopByHop } from '../../../packages/reference-handler/src/proxy/header-lines.ts'
import { droppedNames } from '../../../packages/reference-handler/src/proxy/response-rules.ts'
import { blockOf } from '../src/guide.ts'

/** What each server writes anew, and what the decision's own takes the place of. */
const dealtWith = new Set([...hopByHop, 'authorization', 'cookie', 'expect', 'host', 'via'])
const listed = removedNames.filter((name) => !dealtWith.has(name))

const caddy = blockOf('caddy', 'Caddyfile')
const caddyRemoves = [...caddy.matchAll(/^\s*request_header -(\S+)$/gm)].map(([, name = '']) =>
  name.toLowerCase(),
)

it('Caddy removes each header that no client may send', () => {
  const families = removedFamilies.flatMap((name) => [name, `${name}-*`])
  expect(caddyRemoves).toEqual(expect.arrayContaining([...listed, ...families]))
})

it('Caddy removes those with "_" in place of "-" before it asks, for a mix of both is refused', () => {
  const spelt = (name: string) => name.replaceAll('-', '_')
  const mayHaveOne = listed.filter((name) => name.includes('-')).map(spelt)
  const families = removedFamilies.map((name) => `${spelt(name)}${name.includes('-') ? '' : '_'}*`)
  expect(caddyRemoves).toEqual(expect.arrayContaining([...mayHaveOne, ...families]))
  const asks = caddy.indexOf('reverse_proxy 127.0.0.1:3010')
  for (const [line] of caddy.matchAll(/^\s*request_header -\S*_\S*$/gm)) {
    expect(caddy.indexOf(line)).toBeLessThan(asks)
  }
})

const pages = ['nginx', 'caddy', 'haproxy', 'apache', 'traefik', 'envoy']
it.each(pages)("%s: an API's answer keeps none of the headers that the proxy drops", (page) => {
  const url = new URL(`../../../docs/gateways/${page}.md`, import.meta.url)
  const words = new Set(
    readFileSync(url, 'utf8')
      .toLowerCase()
      .match(/[\w-]+/g),
  )
  const names = droppedNames.filter((name) => !hopByHop.has(name))
  expect(names.filter((name) => !words.has(name) && !words.has(`-${name}`))).toEqual([])
})
