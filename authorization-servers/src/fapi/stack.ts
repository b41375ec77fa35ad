// Authorization server, API and handler with the FAPI 2.0 Security Profile, over TLS, for one test.
import { readFileSync } from 'node:fs'
import type { ConfigurationInput } from '@token-handler/reference-handler'
import type { JSONWebKeySet } from 'jose'
import type { ClientMetadata } from 'oidc-provider'
import { Agent, fetch as fetchWith, setGlobalDispatcher } from 'undici'
import { callbackOf, createBrowser, pageOf } from '../browser.ts'
import { cookieSecret, startHandler } from '../handler.ts'
import type { Handler } from '../handler.ts'
import { openSpa } from '../spa.ts'
import type { Answer, Spa } from '../spa.ts'
import { createFapiApi } from './api.ts'
import type { FapiApi } from './api.ts'
import type { Authority } from './certificates.ts'
import { listenTls } from './listen-tls.ts'
import { createFapiProvider } from './provider.ts'

const SPA = 'https://www.app.example'

/** What a test says about the client. */
export interface FapiClient {
  /** As it is registered at the authorization server. */
  readonly registered: Partial<ClientMetadata>
  /** Section `client` of the handler, without what is the same for all. */
  readonly client: Partial<ConfigurationInput['client']>
  /** More of section `authorizationServer`. */
  readonly authorizationServer?: Partial<ConfigurationInput['authorizationServer']>
  /** TLS to the API. */
  readonly tls?: { readonly certificateFile?: string; readonly keyFile?: string }
}

/** All that runs. */
export interface FapiStack {
  readonly api: FapiApi
  readonly handler: Handler
  readonly spa: Spa
  /** The settings of the handler, to start another with a change. */
  readonly settings: ConfigurationInput
  /** Signs alice in, with everything in between; resolves with the answer to the end of the login. */
  readonly signIn: (spa?: Spa) => Promise<Answer>
  /** Starts one more handler, and opens its SPA without cookies. */
  readonly startAnother: (
    settings: ConfigurationInput,
  ) => Promise<{ readonly handler: Handler; readonly spa: Spa }>
  readonly stop: () => Promise<void>
}

/** @param authority - that the certificates of both servers, and of good clients, are from */
export async function startFapiStack(
  authority: Authority,
  { authorizationServer, client, registered, tls }: FapiClient,
): Promise<FapiStack> {
  const certificate = authority.issue('localhost')
  const [front, withCertificates, apiServer] = await Promise.all([
    listenTls(certificate),
    listenTls(certificate, authority),
    listenTls(certificate, authority),
  ])
  const stops = [front.stop, withCertificates.stop, apiServer.stop]
  const { url: issuer } = front
  const redirectUri = `${SPA}/callback`
  const provider = await createFapiProvider({
    issuer,
    mtlsUrl: withCertificates.url,
    client: { redirect_uris: [redirectUri], ...registered },
  })
  const handle = provider.callback()
  for (const server of [front, withCertificates]) {
    server.answerWith((request, response) => void handle(request, response))
  }

  const dispatcher = new Agent({ connect: { ca: readFileSync(authority.caFile) } })
  // The browser of the test follows redirects between pages of the authorization server.
  setGlobalDispatcher(dispatcher)
  const answer = await fetchWith(`${issuer}/jwks`, { dispatcher })
  const keys = (await answer.json()) as JSONWebKeySet
  const api = createFapiApi(apiServer.url, issuer, keys)
  apiServer.answerWith(api.listener)

  const { caFile } = authority
  const settings: ConfigurationInput = {
    profile: 'fapi-2.0',
    authorizationServer: { issuer, caFile, ...authorizationServer },
    client: { id: 'spa', redirectUri, pushedAuthorizationRequests: true, ...client },
    cookies: { secrets: [cookieSecret] },
    trustedOrigins: [SPA],
    routes: [{ path: '/api', upstream: apiServer.url, tls: { caFile, ...tls } }],
    refresh: { freshFor: 0 },
  }
  const startAnother = async (of: ConfigurationInput) => {
    const handler = await startHandler(of)
    stops.unshift(handler.stop)
    return { handler, spa: openSpa(handler.url, SPA) }
  }
  const { handler, spa } = await startAnother(settings)
  return {
    api,
    handler,
    settings,
    spa,
    startAnother,
    async signIn(of = spa) {
      const browser = createBrowser(SPA)
      const page = pageOf(await browser.open(await of.startLogin()))
      const consent = pageOf(await page.submit({ login: 'alice', password: 'any' }))
      return await of.endLogin(callbackOf(await consent.submit()))
    },
    async stop() {
      await dispatcher.close()
      for (const stop of stops) await stop()
    },
  }
}
