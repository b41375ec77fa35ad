// Whether anything on the way refuses the requests that browsers send by themselves where sessions are bound to devices.
import { deviceBindingHeaders, deviceBindingPaths } from '@token-handler/contract'
import type { Finding } from '../finding.ts'
import type { AnswerPlace } from './examine-answers.ts'
import type { Answer } from './send.ts'

/** Requests to each endpoint, one right after the other: more than a browser sends, and no flood. */
const REQUESTS = 8

/** As long as a proof with an RSA key, and as meaningless as a proof can be. */
const PROOF = ['h', 'p', 's'].map((letter) => letter.repeat(350)).join('.')

/** The agent answers a proof of nobody with 200, and a JSON that says that it is over. */
const isOfAgent = ({ json, status }: Answer): boolean =>
  status === 200 && json?.['continue'] === false

/**
 * Sends what browsers send, without a session. One answer with a status of the 400s, 403 with a challenge excepted, ends
 * a session in the browser for good; the agent gives none without a session.
 *
 * @param isExpected - whether the configuration says that sessions are bound. If it is not known, they are when one of
 *   the endpoints answers as the agent does
 */
export async function examineDeviceBinding(
  { agentUrl: about, send }: AnswerPlace,
  isExpected?: boolean,
): Promise<readonly Finding[]> {
  if (isExpected === false) return []
  const headers = {
    origin: new URL(about).origin,
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'no-cors',
    'sec-fetch-dest': 'empty',
    [deviceBindingHeaders.response]: PROOF,
    [deviceBindingHeaders.id]: 'th-doctor',
  }
  const asked: { readonly path: string; readonly answer: Answer }[] = []
  for (const path of Object.values(deviceBindingPaths)) {
    for (let count = 0; count < REQUESTS; count += 1) {
      asked.push({ path, answer: await send(about + path, { method: 'POST', headers }) })
    }
  }
  if (isExpected !== true && !asked.some(({ answer }) => isOfAgent(answer))) return []
  const refused = asked.find(({ answer: { status } }) => status >= 300 && status < 500)
  if (refused === undefined) return []
  const { path, answer } = refused
  return [
    {
      code: 'device_binding_refused',
      about: about + path,
      cause: `POST ${about}${path}, as browsers send it by themselves, was answered with ${answer.status}; the agent answers 200.`,
      mend: `Have everything in front of the agent leave ${about}${path} alone: no rate limit, no challenge page, no check of Origin or of token-handler-version. Where it must refuse, it has to answer 503: a browser ends the session at any other status of the 400s.`,
    },
  ]
}
