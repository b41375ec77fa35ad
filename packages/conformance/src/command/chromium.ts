// Signing in with an installed Chromium, through the authorization server's own pages.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { CannotRunError } from './cannot-run.ts'
import { watchForCallback } from './chromium-callback.ts'
import type { SignIn, User } from './sign-in.ts'

/** Time-out of an interactive sign-in, in milliseconds. */
const PATIENCE = 300_000

/** Milliseconds for a module. */
const MODULE_TIMEOUT = 60_000

/** What the operator's module exports. */
type SignInFunction = (page: Page, about: { readonly user: User }) => unknown

/** What the browser is started with. */
export interface ChromiumOptions {
  readonly executablePath: string
  /** Path of the module that signs in; without it a window opens, and a person does. */
  readonly module: string | undefined
  /** The SPA's origin. */
  readonly origin: string
}

/**
 * Starts the browser. Each user has a profile of their own, which keeps the session at the
 * authorization server: after the first time, logins need no interaction.
 *
 * @throws {CannotRunError} when playwright-core, the browser or the module is missing or cannot be started
 */
export async function createChromiumSignIn(options: ChromiumOptions): Promise<SignIn> {
  const { module, origin } = options
  const signIn = module === undefined ? undefined : await importSignIn(module)
  const browser = await launch(options)
  const profiles = new Map<User, Promise<BrowserContext>>()

  function profileOf(user: User): Promise<BrowserContext> {
    const profile = profiles.get(user) ?? browser.newContext()
    profiles.set(user, profile)
    return profile
  }

  return {
    authenticate: async (authorizationUrl, user) => {
      const page = await (await profileOf(user)).newPage()
      try {
        const limit = signIn === undefined ? PATIENCE : MODULE_TIMEOUT
        const callback = await watchForCallback(page, origin, limit)
        // A navigation that is stopped on its way counts as failed.
        await page.goto(authorizationUrl).catch(() => undefined)
        if (signIn === undefined || callback.isThere()) return await callback.url
        const stuck = signInWith(signIn, page, user)
        return await Promise.race([callback.url, stuck])
      } finally {
        await page.close()
      }
    },
    close: () => browser.close(),
  }
}

/** Never resolves: only the callback ends a login. Rejects when the module does. */
function signInWith(signIn: SignInFunction, page: Page, user: User): Promise<never> {
  return new Promise((_resolve, reject) => {
    const failed = (cause: unknown): void => {
      reject(new CannotRunError(`--sign-in failed: ${firstLine(cause)}`, { cause }))
    }
    Promise.resolve()
      .then(() => signIn(page, { user }))
      .catch(failed)
  })
}

async function importSignIn(path: string): Promise<SignInFunction> {
  const module: unknown = await import(pathToFileURL(resolve(path)).href).catch(
    (cause: unknown) => {
      throw new CannotRunError(`--sign-in cannot be imported: ${firstLine(cause)}`, { cause })
    },
  )
  if (isSignInModule(module)) return module.signIn
  throw new CannotRunError('--sign-in has to export a function signIn(page, { user }).')
}

const isSignInModule = (module: unknown): module is { readonly signIn: SignInFunction } =>
  typeof module === 'object' &&
  module !== null &&
  'signIn' in module &&
  typeof module.signIn === 'function'

async function launch({ executablePath, module }: ChromiumOptions): Promise<Browser> {
  const { chromium } = await import('playwright-core').catch((cause: unknown) => {
    throw new CannotRunError(
      '--chromium needs the package playwright-core: npm install --save-dev playwright-core, or npx --package playwright-core beside this one',
      { cause },
    )
  })
  try {
    return await chromium.launch({
      executablePath,
      headless: module !== undefined,
      // Chromium has no sandbox for root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    })
  } catch (cause) {
    throw new CannotRunError(`--chromium cannot be started: ${firstLine(cause)}`, { cause })
  }
}

/** Playwright tells its whole log in the lines after the first. */
const firstLine = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split('\n', 1)[0] ?? ''
