// The authorization request that a login sends the browser with.
import type { Page } from '../browser.ts'
import type { CaseContext, ConformanceCase } from '../case.ts'
import { check, checkEqual, NotApplicable } from '../failure.ts'
import { perform, readResult } from '../steps.ts'

/** 128 bits in base64url. */
const UNGUESSABLE = /^[\w-]{22,}$/

const open = ({ subject, browser }: CaseContext): Page => browser.open(subject.origin)

async function readRequest(page: Page): Promise<URLSearchParams> {
  const { authorizationUrl } = await perform(page, 'startLogin')
  return new URL(authorizationUrl).searchParams
}

function checkPlainRequest(request: URLSearchParams, origin: string): void {
  checkEqual(request.get('response_type'), 'code', 'response_type')
  checkEqual(request.get('code_challenge_method'), 'S256', 'code_challenge_method')
  check(/^[\w-]{43}$/.test(request.get('code_challenge') ?? ''), 'code_challenge is no SHA-256')
  check(UNGUESSABLE.test(request.get('state') ?? ''), 'state can be guessed')
  const isOpenId = request.get('scope')?.split(' ').includes('openid') === true
  check(!isOpenId || UNGUESSABLE.test(request.get('nonce') ?? ''), 'nonce can be guessed')
  const redirectUri = request.get('redirect_uri') ?? ''
  check(
    URL.canParse(redirectUri) && new URL(redirectUri).origin === origin,
    "redirect_uri is no page of the SPA's origin",
  )
}

/** What the browser carries to the authorization server. */
export const authorizationRequestCases: readonly ConformanceCase[] = [
  {
    id: 'authorization-request-is-protected',
    title:
      'A login asks for a code, with PKCE (S256), an unguessable state and nonce, and a redirect to the SPA; or has pushed all of it',
    clause: 'RFC 9700 section 2.1.1; RFC 9126 section 4',
    needs: ['pkce'],
    run: async (context) => {
      const request = await readRequest(open(context))
      for (const name of ['client_secret', 'code_verifier', 'client_assertion']) {
        check(!request.has(name), `the authorization URL shows the ${name}`)
      }
      if (!request.has('request_uri')) return checkPlainRequest(request, context.subject.origin)
      const others = [...request.keys()].filter((name) => !/^(client_id|request_uri)$/.test(name))
      checkEqual(others, [], 'the list of parameters beside client_id and request_uri')
    },
  },
  {
    id: 'authorization-requests-share-nothing-secret',
    title: 'No two logins share state, nonce, code challenge or request URI',
    clause: 'RFC 9700 section 4.7.1',
    needs: ['pkce'],
    run: async (context) => {
      const page = open(context)
      const [one, other] = [await readRequest(page), await readRequest(page)]
      for (const name of ['state', 'nonce', 'code_challenge', 'request_uri']) {
        const value = one.get(name)
        check(value === null || value !== other.get(name), `two logins have the same ${name}`)
      }
    },
  },
  {
    id: 'login-start-parameter-on-the-allow-list',
    title: 'A parameter on the allow-list reaches the authorization server',
    clause: 'OpenID Connect Core section 3.1.2.1',
    needs: [],
    run: async (context) => {
      const parameters = new URLSearchParams({ ui_locales: 'sv' })
      const response = await open(context).call('startLogin', parameters)
      if (response.status === 400) {
        throw new NotApplicable('ui_locales is not on the allow-list of this agent')
      }
      const { authorizationUrl } = await readResult('startLogin', response)
      const request = new URL(authorizationUrl).searchParams
      if (!request.has('request_uri')) checkEqual(request.get('ui_locales'), 'sv', 'ui_locales')
    },
  },
]
