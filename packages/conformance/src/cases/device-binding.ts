// Sessions that are bound to a device: Device Bound Session Credentials, where the agent offers them.
import { deviceBindingHeaders, deviceBindingPaths } from '@token-handler/contract'
import type { Operation } from '@token-handler/contract'
import type { UserBrowser } from '../browser.ts'
import type { CaseContext, ConformanceCase } from '../case.ts'
import { createDeviceKey, readChallenge, readOffer, sendOwn } from '../device.ts'
import type { DeviceKey } from '../device.ts'
import { check, checkEqual } from '../failure.ts'
import {
  checkRefusal,
  checkSignedIn,
  cookieFor,
  cookiesFor,
  copyCookies,
  perform,
  readResult,
  signIn,
  spaHeaders,
  target,
} from '../steps.ts'
import type { Subject } from '../subject.ts'

const DRAFT = 'Device Bound Session Credentials'

/** The header of the answer that ended the login. */
function offerOf({ subject, browser }: CaseContext): string {
  const { url } = target(subject, 'endLogin')
  const ended = browser.exchanges().findLast((exchange) => exchange.url === url)
  check(ended !== undefined, 'no login has ended')
  return readOffer(ended.headers)
}

interface Bound {
  readonly key: DeviceKey
  readonly id: string
  readonly challenge: string
}

/** Signs in, and binds the session. */
async function signInBound(context: CaseContext): Promise<Bound> {
  const { subject, browser } = context
  await signIn(context)
  const key = await createDeviceKey()
  const proof = await key.sign(offerOf(context), true)
  const response = await sendOwn(subject, browser, 'register', { proof })
  checkEqual(response.status, 200, 'status of the registration')
  const { session_identifier: id } = (await response.json()) as Record<string, unknown>
  check(typeof id === 'string' && id !== '', 'the registration brings no session_identifier')
  cookieFor(browser, 'bound')
  return { key, id, challenge: readChallenge(response.headers) }
}

/** All cookies but the bound one. */
const copyUnbound = (browser: UserBrowser): string =>
  copyCookies(browser)
    .split('; ')
    .filter((pair) => !pair.startsWith(`${cookieFor(browser, 'bound').name}=`))
    .join('; ')

/** Asks as the SPA does, in another browser, with these cookies. */
function ask(
  subject: Subject,
  other: UserBrowser,
  operation: Operation,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const { url, method } = target(subject, operation)
  return other.sendRaw(url, { method, headers: { ...spaHeaders(subject), ...headers } })
}

const isEnd = async (response: Response): Promise<boolean> =>
  ((await response.json()) as Record<string, unknown>)['continue'] === false

/** What a bound session is worth, and to whom. */
export const deviceBindingCases: readonly ConformanceCase[] = [
  {
    id: 'device-binding-registration',
    title: 'A key that the browser registers binds the session, and the session says so',
    clause: `${DRAFT}, registration`,
    needs: ['cookies', 'device-binding'],
    run: async (context) => {
      await signInBound(context)
      const page = context.browser.open(context.subject.origin)
      const { isLoggedIn, isDeviceBound } = await perform(page, 'session')
      check(isLoggedIn && isDeviceBound === true, 'the session does not say that it is bound')
      await perform(page, 'refresh')
    },
  },
  {
    id: 'device-binding-copied-cookies',
    title:
      'Cookies of a bound session, copied without a proof, neither show the session nor refresh it',
    clause: `${DRAFT}, threat model`,
    needs: ['cookies', 'device-binding'],
    run: async (context) => {
      const { subject, browser, newBrowser } = context
      await signInBound(context)
      const cookie = copyUnbound(browser)
      for (const operation of ['session', 'refresh'] as const) {
        const answer = await ask(subject, newBrowser(), operation, { cookie })
        await checkRefusal(answer, 401, 'session_expired')
      }
      await checkSignedIn(browser.open(subject.origin), true)
    },
  },
  {
    id: 'device-binding-skipped-proof',
    title: 'A browser that says why it has skipped a proof is asked to come again',
    clause: `${DRAFT}, Secure-Session-Skipped`,
    needs: ['cookies', 'device-binding'],
    run: async (context) => {
      const { subject, browser, newBrowser } = context
      const { id } = await signInBound(context)
      const headers = {
        cookie: copyUnbound(browser),
        [deviceBindingHeaders.skipped]: `unreachable;session_identifier="${id}"`,
      }
      for (const operation of ['session', 'refresh'] as const) {
        const answer = await ask(subject, newBrowser(), operation, headers)
        await checkRefusal(answer, 503, 'temporarily_unavailable')
      }
    },
  },
  {
    id: 'device-binding-proof',
    title:
      'A signature over a challenge of the agent brings another bound cookie, and a browser without a challenge gets one',
    clause: `${DRAFT}, refresh`,
    needs: ['cookies', 'device-binding'],
    run: async (context) => {
      const { subject, browser } = context
      const { key, id } = await signInBound(context)
      const before = cookieFor(browser, 'bound').value
      const asked = await sendOwn(subject, browser, 'refresh', { id })
      checkEqual(asked.status, 403, 'status without a proof')
      const proof = await key.sign(readChallenge(asked.headers))
      const proven = await sendOwn(subject, browser, 'refresh', { id, proof })
      checkEqual(proven.status, 200, 'status of the proof')
      check(cookieFor(browser, 'bound').value !== before, 'the bound cookie is the same')
    },
  },
  {
    id: 'device-binding-other-key',
    title: 'A signature by another key brings no bound cookie',
    clause: `${DRAFT}, refresh`,
    needs: ['cookies', 'device-binding'],
    run: async (context) => {
      const { subject, browser, newBrowser } = context
      const { id, challenge } = await signInBound(context)
      const proof = await (await createDeviceKey()).sign(challenge, true)
      const thief = newBrowser()
      const cookie = copyUnbound(browser)
      for (const to of ['register', 'refresh'] as const) {
        await sendOwn(subject, thief, to, { id, proof, cookie })
        checkEqual(cookiesFor(thief, 'bound').length, 0, 'number of bound cookies')
      }
    },
  },
  {
    id: 'device-binding-foreign-challenge',
    title: 'A signature over the challenge of another session brings no bound cookie',
    clause: `${DRAFT}, challenges`,
    needs: ['cookies', 'device-binding'],
    run: async (context) => {
      const { subject, browser, newBrowser } = context
      const other = { ...context, browser: newBrowser() }
      await signIn(other, other.browser)
      const foreign = offerOf(other)
      const { key, id } = await signInBound(context)
      const before = cookieFor(browser, 'bound').value
      const proof = await key.sign(foreign)
      const answer = await sendOwn(subject, browser, 'refresh', { id, proof })
      checkEqual(answer.status, 403, 'status')
      checkEqual(cookieFor(browser, 'bound').value, before, 'the bound cookie')
    },
  },
  {
    id: 'device-binding-ends-with-sign-out',
    title: 'After a sign-out, which needs no proof, the browser is told to prove nothing any more',
    clause: `${DRAFT}, termination`,
    needs: ['cookies', 'device-binding'],
    run: async (context) => {
      const { subject, browser } = context
      const { id } = await signInBound(context)
      await perform(browser.open(subject.origin), 'logout')
      checkEqual(cookiesFor(browser, 'bound').length, 0, 'number of bound cookies')
      const answer = await sendOwn(subject, browser, 'refresh', { id })
      checkEqual(answer.status, 200, 'status')
      check(await isEnd(answer), 'the answer does not end the session of the browser')
    },
  },
  {
    id: 'device-binding-answers-no-other-4xx',
    title:
      'Whatever is wrong with a browser’s own request, no status of the 400s ends its session for good',
    clause: `${DRAFT}, refresh`,
    needs: ['cookies', 'device-binding'],
    run: async (context) => {
      const { subject, browser, newBrowser } = context
      const nobody = newBrowser()
      await signIn(context)
      for (const sender of [nobody, browser]) {
        for (const to of ['register', 'refresh'] as const) {
          for (const proof of ['x', 'a.b.c', 'x'.repeat(6000)]) {
            const { status } = await sendOwn(subject, sender, to, { id: 'th-unknown', proof })
            check(status === 200 || status >= 500, `${to} answers ${status}`)
          }
        }
      }
      await checkSignedIn(browser.open(subject.origin), true)
    },
  },
  {
    id: 'device-binding-is-not-for-pages',
    title: 'A page can send nothing to the endpoints of the browser that another origin could not',
    clause: 'Fetch, CORS protocol',
    needs: ['cors', 'device-binding'],
    run: async ({ subject, browser }) => {
      for (const path of Object.values(deviceBindingPaths)) {
        const preflight = await browser.sendRaw(subject.agentUrl + path, {
          method: 'OPTIONS',
          headers: {
            origin: subject.origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': deviceBindingHeaders.response,
          },
        })
        const allowed = preflight.headers.get('access-control-allow-origin')
        checkEqual(allowed, null, 'Access-Control-Allow-Origin')
      }
    },
  },
  {
    id: 'device-binding-other-browsers',
    title: 'A browser that registers no key goes on as before',
    clause: `${DRAFT}, registration`,
    needs: ['cookies', 'device-binding', 'expire-access-token'],
    run: async (context) => {
      const page = await signIn(context)
      await context.subject.expireAccessToken?.()
      await perform(page, 'refresh')
      const session = await readResult('session', await page.call('session'))
      check(session.isLoggedIn && session.isDeviceBound !== true, 'the session is bound')
      checkEqual(cookiesFor(context.browser, 'bound').length, 0, 'number of bound cookies')
    },
  },
]
