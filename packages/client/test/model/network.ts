// The network of the model: requests and answers travel when the scheduler says so, and get lost.
import type { Fetch } from '../../src/platform/platform.ts'
import { networkError } from '../support/fake-agent.ts'
import type { Fate } from './actions.ts'
import { operationOf } from './agent-model.ts'
import type { AgentModel, Cookies } from './agent-model.ts'

/** Carries `Transit.user`. */
export const USER_HEADER = 'x-user'

/** A page, as far as the network knows it. */
export interface Sender {
  readonly isOpen: () => boolean
}

/** A request on its way. */
export interface Transit {
  readonly url: string
  /** Whom the page showed when it called the API: the app's request is that user's. */
  readonly user: string | null
  readonly sender: Sender
}

/** An answer, as it reaches the browser. */
export interface Arrival {
  readonly status: number
  readonly json: unknown
  /** It was asked for with the cookies of another session than the browser has now. */
  readonly isOutdated: boolean
  /** It has put the cookies of another session in place of those that the browser had. */
  readonly isReplacement: boolean
}

/** What the network tells, so that the invariants can be checked at that very moment. */
export interface NetworkListener {
  readonly sent: (transit: Transit) => void
  /** An answer reaches the browser; the sender tells whether the page is still there to hear it. */
  readonly arrived: (transit: Transit, answer: Arrival) => void
}

export interface Network {
  readonly fetchFor: (sender: Sender) => Fetch
  /** The requests that a page has sent and not given up, and whose answer has not arrived. */
  readonly wire: ReadonlySet<Transit>
  readonly cookies: () => Cookies | undefined
  readonly setCookies: (cookies: Cookies | undefined) => void
  readonly spoil: (fates: readonly Fate[]) => void
  readonly setOnline: (isOnline: boolean) => void
}

/** @param travel - resolves when the scheduler lets something arrive */
export function createNetwork(
  agent: AgentModel,
  travel: (label: string) => Promise<unknown>,
  listener: NetworkListener,
): Network {
  const wire = new Set<Transit>()
  let cookies: Cookies | undefined
  let fates: readonly Fate[] = []
  let isOnline = true

  function takeFate(): Fate {
    const [fate = 'arrives', ...rest] = fates
    fates = rest
    return isOnline ? fate : 'request lost'
  }

  async function deliver(transit: Transit, init: RequestInit): Promise<Response> {
    const { url, sender } = transit
    const sentCookies = cookies
    const fate = takeFate()
    const isGone = () => init.signal?.aborted === true || (!init.keepalive && !sender.isOpen())
    await travel(`request ${url}`)
    if (fate === 'request lost' || isGone()) throw networkError
    const answer =
      typeof fate === 'number'
        ? { status: fate }
        : agent.handle(url, sentCookies, typeof init.body === 'string' ? init.body : '')
    await travel(`answer ${url}`)
    if (fate === 'answer lost' || isGone()) throw networkError
    const before = cookies
    if (answer.cookies !== undefined) cookies = answer.cookies ?? undefined
    wire.delete(transit)
    const { status, json } = answer
    const isOutdated = answer.cookies === undefined && sentCookies?.grant !== cookies?.grant
    const isReplacement = cookies !== undefined && cookies.grant !== before?.grant
    listener.arrived(transit, { status, json, isOutdated, isReplacement })
    return Object.assign(new Response(null, { status }), {
      text: async () => (json === undefined ? '' : JSON.stringify(json)),
    })
  }

  return {
    wire,
    cookies: () => cookies,
    setCookies(next) {
      cookies = next
    },
    spoil(next) {
      fates = next
    },
    setOnline(next) {
      isOnline = next
    },
    fetchFor: (sender) => (input, init) => {
      const user = new Headers(init?.headers).get(USER_HEADER)
      const transit = { url: new Request(input).url, user, sender }
      wire.add(transit)
      listener.sent(transit)
      const delivery = deliver(transit, init ?? {}).finally(() => wire.delete(transit))
      const { signal } = init ?? {}
      if (!signal) return delivery
      return Promise.race([
        delivery,
        new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => {
            wire.delete(transit)
            reject(signal.reason)
          })
        }),
      ])
    },
  }
}

export const isRefresh = ({ url }: Transit): boolean => operationOf(url) === 'refresh'
