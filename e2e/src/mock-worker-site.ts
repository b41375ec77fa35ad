// A site that needs no servers: the example app, with the mock agent in the page behind msw's service worker.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MockAgent } from '@token-handler/mock-agent'
import type { Claims } from '@token-handler/contract'
import { appDocument, bundleApp } from './bundle-app.ts'
import { listen } from './listen.ts'

declare global {
  interface Window {
    readonly mock: {
      readonly agent: MockAgent<Readonly<Record<'alice' | 'bob', { readonly claims: Claims }>>>
      readonly api: { mood: 'fine' | 'down' | 'forbidden' }
    }
  }
}

/** A running site. */
export interface MockWorkerSite {
  readonly url: string
  readonly stop: () => Promise<void>
}

const shop = fileURLToPath(new URL('../../examples/react-spa/test/shop.ts', import.meta.url))

/** Runs in the page before the app. */
const startWorker = `
  import { mswHandlers } from '@token-handler/mock-agent/msw'
  import { setupWorker } from 'msw/browser'
  import { createShop } from ${JSON.stringify(shop)}

  const shop = createShop({ authorizationServerUrl: '/mock-login', storage: sessionStorage })
  Object.assign(window, { mock: shop })
  const worker = setupWorker(...mswHandlers(shop.agent))
  await worker.start({ quiet: true, onUnhandledFrame: 'bypass' })
`

/** Starts the site on a free port. The app's servers are at names where nobody listens. */
export async function startMockWorkerSite(): Promise<MockWorkerSite> {
  const servers = {
    agentUrl: 'http://api.app.localhost:1/oauth-agent',
    apiUrl: 'http://api.app.localhost:1/api',
  }
  const app = await bundleApp(servers, startWorker)
  const msw = dirname(createRequire(import.meta.url).resolve('msw/package.json'))
  const worker = await readFile(join(msw, 'lib/mockServiceWorker.js'), 'utf8')
  const scripts: Readonly<Record<string, string>> = {
    '/app.js': app,
    '/mockServiceWorker.js': worker,
  }

  const server = createServer((request, response) => {
    const script = scripts[request.url ?? '']
    const type = script === undefined ? 'text/html' : 'text/javascript'
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` })
    response.end(script ?? appDocument)
  })
  const { port, stop } = await listen(server)
  return {
    url: `http://www.app.localhost:${port}`,
    stop,
  }
}
