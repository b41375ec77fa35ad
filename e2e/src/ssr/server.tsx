// A server that renders the page in a stream, and an agent that says who is signed in.
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createTokenHandlerClient } from '@token-handler/client'
import type { Session } from '@token-handler/react'
import { build } from 'esbuild'
import { renderToPipeableStream } from 'react-dom/server'
import { listen } from '../listen.ts'
import { Page } from './page.tsx'

/** How one page is served. */
export interface Scenario {
  readonly initialSession?: Session
  /** Whether a part of the page suspends until the session is known; default false. */
  readonly withAccount?: boolean
  readonly loadFirst: boolean
}

/** The running server. */
export interface SsrServer {
  /** The page's URL in a scenario. */
  readonly urlOf: (scenario: Scenario) => string
  /** Lets the last part of the page, which the stream has kept back, go out. */
  readonly releaseNews: () => void
  /** What server-side rendering reported. */
  readonly errors: readonly unknown[]
  /** The status of the session that each rendering's client ended with. */
  readonly statuses: readonly string[]
  readonly stop: () => Promise<void>
}

async function bundleBrowser(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('browser.tsx', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    jsxDev: true,
    conditions: ['@token-handler/source'],
    // React says in development what does not match.
    define: { 'process.env.NODE_ENV': '"development"' },
  })
  const [output] = outputFiles
  if (output === undefined) throw new Error('esbuild wrote nothing')
  return output.text
}

const sessionBody = JSON.stringify({
  is_logged_in: true,
  id_token_claims: { sub: 'alice', name: 'Alice' },
  access_token_expires_in: 300,
})

/** Starts it, on a free port. */
export async function startSsrServer(): Promise<SsrServer> {
  const script = await bundleBrowser()
  const errors: unknown[] = []
  const statuses: string[] = []
  let releaseNews = (): void => {}

  function render(scenario: Scenario, response: ServerResponse): void {
    const client = createTokenHandlerClient({ agentUrl: '/oauth-agent', apiUrls: [] })
    const news = new Promise<string>((resolve) => {
      releaseNews = () => resolve('news')
    })
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    const { pipe } = renderToPipeableStream(
      <Page
        client={client}
        initialSession={scenario.initialSession}
        withAccount={scenario.withAccount ?? false}
        news={news}
        onShow={() => {}}
      />,
      {
        bootstrapScriptContent: `window.scenario = ${JSON.stringify(scenario)}`,
        bootstrapModules: ['/browser.js'],
        onShellReady: () => pipe(response),
        onAllReady: () => void statuses.push(client.getSnapshot().status),
        onError: (error) => void errors.push(error),
      },
    )
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const scenario = url.searchParams.get('scenario')
    if (url.pathname === '/browser.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    } else if (url.pathname === '/oauth-agent/session') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(sessionBody)
    } else if (scenario !== null) {
      render(JSON.parse(scenario) as Scenario, response)
    } else {
      response.writeHead(404).end()
    }
  })
  const { port, stop } = await listen(server)
  return {
    urlOf: (scenario) => {
      const url = new URL(`http://127.0.0.1:${port}/`)
      url.searchParams.set('scenario', JSON.stringify(scenario))
      return url.href
    },
    releaseNews: () => releaseNews(),
    errors,
    statuses,
    stop,
  }
}
