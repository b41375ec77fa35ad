// Answers that the demo's servers give only after a while, given at once.
import type { Page } from 'playwright-core'
import type { World } from './world.ts'

const crossOrigin = (world: World) => ({
  'access-control-allow-origin': world.stack.urls.spa,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'www-authenticate',
})

/** Has every DELETE refused, as the API refuses it after a sign-in from an hour ago. */
export async function refuseOldSignIn(world: World, page: Page): Promise<void> {
  const challenge = 'Bearer error="insufficient_user_authentication", max_age="0"'
  const headers = { ...crossOrigin(world), 'www-authenticate': challenge }
  await page.route(`${world.stack.urls.api}/**`, (route) =>
    route.request().method() === 'DELETE'
      ? route.fulfill({ status: 401, headers })
      : route.continue(),
  )
}

/** Has the agent say that Alice's session ends in 100 seconds. */
export async function shortenSession(world: World, page: Page): Promise<void> {
  const session = {
    is_logged_in: true,
    id_token_claims: { sub: 'alice', name: 'Alice Andersson' },
    access_token_expires_in: 100,
    session_expires_in: 100,
  }
  await page.route(`${world.stack.urls.agent}/session`, (route) =>
    route.fulfill({ headers: crossOrigin(world), json: session }),
  )
}
