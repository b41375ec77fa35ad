// What users of the SDK run on a server or in their unit tests: rendering ahead, and the mock agent without msw.
import assert from 'node:assert/strict'
import { createTokenHandlerClient } from '@token-handler/client'
import { createMockAgent } from '@token-handler/mock-agent'
import { RequireSession, TokenHandlerProvider } from '@token-handler/react'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'

assert.match(process.versions.node, /^20\./)

const origin = 'https://www.example.com'
const agentUrl = 'https://api.example.com/oauth-agent'
const apiUrls = ['https://api.example.com/api/']

const guard = createElement(RequireSession, { loading: 'One moment' }, 'Secret')
const client = createTokenHandlerClient({ agentUrl, apiUrls })
const html = renderToString(createElement(TokenHandlerProvider, { client }, guard))
assert.equal(html, 'One moment')

const users = { alice: { claims: { sub: 'alice' } } }
const agent = createMockAgent({ agentUrl, origin, users, signedIn: 'alice' })
const mocked = createTokenHandlerClient({
  agentUrl,
  apiUrls,
  platform: { fetch: agent.fetch, pageUrl: () => `${origin}/` },
})
const session = await mocked.session()
assert.equal(session.status, 'authenticated')
assert.equal(session.claims.sub, 'alice')
process.stdout.write(`checked in Node ${process.versions.node}\n`)
