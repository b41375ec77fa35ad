// A page of the app's origin with nothing on it but the SDK, for what no user could do by hand.
import { fileURLToPath } from 'node:url'
import type { TokenHandlerClient } from '@token-handler/client'
import type { LoginSilently } from '@token-handler/client/silent-login'
import type { Claims } from '@token-handler/contract'
import { build } from 'esbuild'
import type { Context } from './engines/engine.ts'
import type { Servers } from './servers.ts'
import type { Visitor } from './visitor.ts'

declare global {
  interface Window {
    readonly tokenHandler: TokenHandlerClient<Claims>
    readonly loginSilently: LoginSilently
  }
}

/** Where agent and API are. */
interface SdkUrls {
  readonly agentUrl: string
  readonly apiUrl: string
}

/** A script that makes `window.tokenHandler` and `window.loginSilently`. */
export async function bundleSdk({ agentUrl, apiUrl }: SdkUrls): Promise<string> {
  const options = {
    agentUrl,
    apiUrls: [apiUrl],
    callbackPath: '/callback',
  }
  const { outputFiles } = await build({
    stdin: {
      contents: `import { createTokenHandlerClient } from '@token-handler/client'
        import { createSilentLogin } from '@token-handler/client/silent-login'
        window.tokenHandler = createTokenHandlerClient(${JSON.stringify(options)})
        window.loginSilently = createSilentLogin(window.tokenHandler)`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    write: false,
    conditions: ['@token-handler/source'],
  })
  const [output] = outputFiles
  if (output === undefined) throw new Error('esbuild wrote nothing')
  return output.text
}

/** Bundled once for all pages of a world. */
const published = new WeakMap<Servers['fronts'], Promise<void>>()

/** Publishes `/sdk`, a page with `window.tokenHandler` and `window.loginSilently` on it, and `/sdk.js`, which makes them. */
export async function publishSdk(world: Servers): Promise<void> {
  const { agent, api } = world.stack.urls
  const script = await bundleSdk({ agentUrl: agent, apiUrl: api })
  world.fronts.spa.publish('/sdk.js', script, 'text/javascript')
  world.fronts.spa.publish(
    '/sdk',
    '<!doctype html><title>SDK</title><script src="/sdk.js"></script>',
  )
}

/** Opens a new tab of the visitor's browser with `window.tokenHandler` and `window.loginSilently` on it, loaded. */
export async function openSdkPage<C extends Context>(
  world: Servers,
  { context }: Visitor<C>,
): Promise<Visitor<C>['page']> {
  const publishing = published.get(world.fronts) ?? publishSdk(world)
  published.set(world.fronts, publishing)
  await publishing
  const page = (await context.newPage()) as Visitor<C>['page']
  await page.goto(`${world.stack.urls.spa}/sdk`)
  await page.evaluate(() => window.tokenHandler.load())
  return page
}
