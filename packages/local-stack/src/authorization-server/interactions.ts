// What the user is asked while signing in, and answers: username and password, consent, or no.
import { errors } from 'oidc-provider'
import type { Interaction, InteractionResults, Provider } from 'oidc-provider'
import { readForm } from './form.ts'
import { grantMissingScopes, missingScopes } from './grants.ts'
import { consentPage } from './pages/consent.ts'
import { errorPage } from './pages/error.ts'
import { renderPage } from './pages/layout.ts'
import type { Page } from './pages/layout.ts'
import { signInPage } from './pages/sign-in.ts'
import type { RegisteredClient } from './provider.ts'
import { demoPassword, findUser } from './users.ts'
import type { DemoUser } from './users.ts'

/** What the user gets for a request: a page, or the way back into the authorization request. */
type Answer =
  | { readonly kind: 'page'; readonly status: number; readonly page: Page }
  | { readonly kind: 'result'; readonly result: InteractionResults }

const ROUTE = /^\/interaction\/([\w-]+)(?:\/(login|consent|abort))?$/

const showPage = (page: Page, status = 200): Answer => ({ kind: 'page', status, page })
const finish = (result: InteractionResults): Answer => ({ kind: 'result', result })

/** Who asks, and who may answer. */
interface Parties {
  readonly client: RegisteredClient
  readonly otherClients?: readonly RegisteredClient[]
  readonly users: readonly DemoUser[]
}

/** What users know the application by that asks. */
const clientName = ({ params }: Interaction, { client, otherClients = [] }: Parties): string =>
  otherClients.find(({ id }) => id === params['client_id'])?.name ?? client.name

function askWhoTheyAre(
  interaction: Interaction,
  parties: Parties,
  failed?: { readonly username: string },
): Answer {
  const { uid, params } = interaction
  const { users } = parties
  const hint = params['login_hint']
  const page = signInPage({
    action: `/interaction/${uid}`,
    clientName: clientName(interaction, parties),
    username: failed?.username ?? (typeof hint === 'string' ? hint : ''),
    ...(failed && { problem: 'Username or password is wrong.' }),
    usernames: users.map((user) => user.id),
    password: demoPassword,
  })
  return showPage(page, failed ? 422 : 200)
}

function askForConsent(interaction: Interaction, parties: Parties): Answer {
  const user = findUser(parties.users, interaction.session?.accountId ?? '')
  const page = consentPage({
    action: `/interaction/${interaction.uid}`,
    clientName: clientName(interaction, parties),
    userName: user?.name ?? 'unknown',
    scopes: missingScopes(interaction),
  })
  return showPage(page)
}

function logIn(interaction: Interaction, parties: Parties, form: URLSearchParams): Answer {
  const username = form.get('username')?.trim() ?? ''
  const user = findUser(parties.users, username)
  if (user === undefined || form.get('password') !== demoPassword) {
    return askWhoTheyAre(interaction, parties, { username })
  }
  return finish({ login: { accountId: user.id } })
}

const refuse = (): Answer =>
  finish({ error: 'access_denied', error_description: 'The user said no.' })

const expired = (homeUrl: string): Answer =>
  showPage(
    errorPage({
      title: 'This sign-in has expired',
      explanation: 'It took too long, or it was started in another browser. Please start again.',
      homeUrl,
    }),
    400,
  )

async function findInteraction(
  provider: Provider,
  ...[request, response]: Parameters<Provider['interactionDetails']>
): Promise<Interaction | undefined> {
  try {
    return await provider.interactionDetails(request, response)
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined
    throw error
  }
}

/** Takes the user's answer to what the interaction asks, or asks it. */
async function answer(
  provider: Provider,
  interaction: Interaction,
  parties: Parties,
  given?: { readonly operation: string; readonly form: URLSearchParams },
): Promise<Answer> {
  const asked = interaction.prompt.name
  const accountId = interaction.session?.accountId
  if (given?.operation === 'abort') return refuse()
  if (asked === 'consent' && accountId !== undefined) {
    if (given?.operation !== asked) return askForConsent(interaction, parties)
    const grantId = await grantMissingScopes(provider, interaction, accountId)
    return finish({ consent: { grantId } })
  }
  return given?.operation === 'login'
    ? logIn(interaction, parties, given.form)
    : askWhoTheyAre(interaction, parties)
}

/**
 * Serves `/interaction/:uid` in front of a provider. Another site's page can answer nothing here:
 * the interaction's cookie is SameSite=Lax, and the uid in the path has to be the cookie's.
 */
export function serveInteractions(provider: Provider, parties: Parties): void {
  provider.use(async (ctx, next) => {
    const [, uid, operation] = ROUTE.exec(ctx.path) ?? []
    if (uid === undefined || ctx.method !== (operation === undefined ? 'GET' : 'POST')) {
      await next()
      return
    }
    const interaction = await findInteraction(provider, ctx.req, ctx.res)
    const given = operation === undefined ? undefined : { operation, form: await readForm(ctx.req) }
    const answered =
      interaction?.uid === uid
        ? await answer(provider, interaction, parties, given)
        : expired(parties.client.postLogoutRedirectUri)

    if (answered.kind === 'result') {
      ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, answered.result))
      ctx.status = 303
    } else {
      ctx.status = answered.status
      ctx.type = 'html'
      ctx.body = renderPage(answered.page)
    }
  })
}
