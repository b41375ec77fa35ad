// A page of the app's origin with nothing on it but the SDK, for what no user could do by hand.
import { fileURLToPath } from 'node:url'
import type { TokenHandlerClient } from '@token-handler/client'
import type { LoginSilently } from '@token-handler/client/silent-login'
import type { Claims } from '@token-handler/contract'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import type { Visitor } from './visitor.ts'
import type { World } from './world.ts'

declare global {
  interface Window {
    readonly tokenHandler: TokenHandlerClient<Claims>
    readonly loginSilently: LoginSilently
  }
}

async function bundleSdk({ stack }: World): Promise<string> {
  const options = {
    agentUrl: stack.urls.agent,
    apiUrls: [stack.urls.api],
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

/** Opens a new tab of the visitor's browser with `window.tokenHandler` and `window.loginSilently` on it, loaded. */
export async function openSdkPage(world: World, visitor: Visitor): Promise<Page> {
  const page = await visitor.context.newPage()
  // A document of the app's origin that runs no script of its own.
  await page.goto(`${world.stack.urls.spa}/nordlicht.svg`)
  await page.evaluate(await bundleSdk(world))
  await page.evaluate(() => window.tokenHandler.load())
  return page
}
