// The web host of the hybrid design: renders each page for whoever is signed in, and holds no token.
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { ReadSession } from '@token-handler/reference-handler'
import { listen } from 'e2e/listen'
import type { Listening } from 'e2e/listen'
import { startStaticServer } from 'react-spa/static-server'
import { contentSecurityPolicy } from './app-settings.ts'
import type { AppSettings } from './app-settings.ts'
import { buildApp, loadRenderer, renderDocument } from './build-apps.ts'
import { handOn } from './hand-on.ts'

/** JSON that cannot end the element it stands in. */
const toJson = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c')

/** Starts it on a free port. */
export async function startWebHost(
  settings: AppSettings,
  readSession: ReadSession,
  folder: string,
): Promise<Listening> {
  const files = join(folder, 'hybrid')
  const tags = await buildApp('hybrid-browser', files)
  const render = await loadRenderer(folder)
  const policy = contentSecurityPolicy(settings)
  const assets = await startStaticServer({ folder: files, port: 0, contentSecurityPolicy: policy })
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': 'private, no-store',
    vary: 'Cookie, Sec-Fetch-Site',
  }

  const server = createServer((request, response) => {
    if (request.url?.startsWith('/assets/') === true) return handOn(assets.port, request, response)
    void readSession(request).then(
      (session) => {
        const data = `<script type="application/json" id="session">${toJson(session)}</script>`
        const body = `<div id="root">${render(session)}</div>${data}`
        response.writeHead(200, headers).end(renderDocument(settings, tags('/'), body))
      },
      () => response.writeHead(500).end(),
    )
    return undefined
  })
  const { port, stop } = await listen(server)
  return { port, stop: async () => void (await Promise.all([stop(), assets.stop()])) }
}
