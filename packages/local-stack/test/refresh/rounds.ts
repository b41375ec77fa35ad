// A browser that refreshes again and again, from many tabs at once, over a network that loses answers.
import { createBrowser } from '../../../reference-handler/test/support/browser.ts'
import type { AgentAnswer, Browser } from '../../../reference-handler/test/support/browser.ts'
import { balance } from './fleet.ts'
import type { Balancing } from './fleet.ts'
import type { Provider } from './providers.ts'

export interface Fleet {
  readonly processes: 1 | 2
  readonly balancing: Balancing
}

/** What happens in one round; returns the answers that reach the browser, in the order they do. */
export type Round = (browser: Browser, round: number) => Promise<readonly AgentAnswer[]>

export interface Figures {
  readonly rounds: number
  /** Refresh tokens sent to the authorization server. */
  readonly calls: number
  /** Rounds after which the user had to sign in again. */
  readonly lost: number
  /** Rounds in which all answers that brought cookies brought the same. */
  readonly equal: number
}

export const requestRefresh = (browser: Browser): Promise<AgentAnswer> =>
  browser.send('POST', '/refresh')

const TABS = 20

/** As many refreshes at once as there are tabs; every other round the answers arrive in reverse. */
export const refreshInParallel: Round = async (browser, round) => {
  const answers = await Promise.all(Array.from({ length: TABS }, () => requestRefresh(browser)))
  return round % 2 === 0 ? answers : answers.toReversed()
}

/** A refresh whose answer never arrives, though the authorization server has answered, and another. */
export const refreshAfterLoss: Round = async (browser) => {
  await requestRefresh(browser)
  return [await requestRefresh(browser)]
}

/** Plays rounds, each with a living session, and counts. */
export async function play(
  provider: Provider,
  { processes, balancing }: Fleet,
  rounds: number,
  playRound: Round,
): Promise<Figures> {
  const agents = provider.processes.slice(0, processes).map(({ agent }) => agent)
  const browser = createBrowser(balance(agents, balancing), () => {})
  await signIn(provider, browser)
  let [calls, lost, equal] = [0, 0, 0]
  for (let round = 0; round < rounds; round++) {
    const before = provider.refreshCalls()
    const answers = await playRound(browser, round)
    calls += provider.refreshCalls() - before
    for (const answer of answers) answer.setCookies.forEach(browser.keep)
    const bringing = answers.filter(({ status }) => status === 200)
    if (new Set(bringing.map(({ setCookies }) => setCookies.join())).size === 1) equal += 1
    // Whether what the browser has now is of any use, only the authorization server knows.
    const { status } = await browser.post('/refresh')
    if (status !== 200) {
      lost += 1
      await signIn(provider, browser)
    }
  }
  return { rounds, calls, lost, equal }
}

export async function signIn(
  provider: Pick<Provider, 'authenticate'>,
  browser: Browser,
  user?: string,
): Promise<void> {
  const { body } = await browser.post('/login/start')
  const callback = await provider.authenticate(String(body['authorization_url']), user)
  const { status } = await browser.post('/login/end', callback)
  if (status !== 200) throw new Error('The sign-in failed.')
}
