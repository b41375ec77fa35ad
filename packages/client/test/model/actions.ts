// What may happen in the model's world, as data that fast-check makes up and shrinks.
import * as fc from 'fast-check'

/** What becomes of the next requests. */
export type Fate = 'arrives' | 'request lost' | 'answer lost' | 503 | 429

/** Something that happens on a page; `page` counts modulo the pages that are open. */
export type PageAction =
  | { readonly kind: 'call the API'; readonly page: number; readonly times: number }
  | { readonly kind: 'ask for the session' | 'refresh'; readonly page: number }
  | { readonly kind: 'sign in' | 'sign out'; readonly page: number }
  | { readonly kind: 'close' | 'reload' | 'freeze' | 'restore' | 'show'; readonly page: number }
  /** The user stops the next navigation of this page; the browser may say so, or not. */
  | { readonly kind: 'stop navigation'; readonly page: number; readonly isTold: boolean }
  /** What runs on the page clears storage, or removes what is not its own. */
  | { readonly kind: 'clear storage' | 'remove notice'; readonly page: number }
  /** The client is disposed, and the page makes another, as a hot reload does. */
  | { readonly kind: 'dispose'; readonly page: number }

/** Something that happens elsewhere, or to all pages. */
export type WorldAction =
  | { readonly kind: 'open a tab' }
  | { readonly kind: 'expire access tokens' | 'end the grant' | 'sign in elsewhere' }
  | { readonly kind: 'spoil'; readonly fates: readonly Fate[] }
  | { readonly kind: 'go offline' | 'go online' }
  /** The browser evicts storage: no page is told. */
  | { readonly kind: 'evict storage' }
  | { readonly kind: 'wait' | 'jump'; readonly seconds: number }

export type Action = PageAction | WorldAction

/** An action, and how many messages, requests and answers arrive before the next one. */
export interface Step {
  readonly action: Action
  readonly arrivals: number
}

const page = fc.nat(3)

const onPage = <K extends Action['kind']>(kind: K) => fc.record({ kind: fc.constant(kind), page })
const anywhere = <K extends Action['kind']>(kind: K) => fc.record({ kind: fc.constant(kind) })

const fate = fc.constantFrom<Fate>('arrives', 'request lost', 'answer lost', 503, 429)

const calls = fc.record({
  kind: fc.constant('call the API'),
  page,
  times: fc.integer({ min: 1, max: 3 }),
})

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 12, arbitrary: calls },
  { weight: 8, arbitrary: anywhere('expire access tokens') },
  { weight: 2, arbitrary: onPage('ask for the session') },
  { weight: 2, arbitrary: onPage('refresh') },
  { weight: 2, arbitrary: onPage('sign in') },
  { weight: 2, arbitrary: onPage('sign out') },
  { weight: 2, arbitrary: onPage('close') },
  { weight: 2, arbitrary: onPage('reload') },
  { weight: 3, arbitrary: anywhere('open a tab') },
  { weight: 1, arbitrary: onPage('freeze') },
  { weight: 2, arbitrary: onPage('restore') },
  { weight: 2, arbitrary: onPage('show') },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('stop navigation'),
      page,
      isTold: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: onPage('clear storage') },
  { weight: 1, arbitrary: onPage('remove notice') },
  { weight: 1, arbitrary: anywhere('evict storage') },
  { weight: 1, arbitrary: onPage('dispose') },
  { weight: 1, arbitrary: anywhere('end the grant') },
  { weight: 1, arbitrary: anywhere('sign in elsewhere') },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('spoil'),
      fates: fc.array(fate, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: anywhere('go offline') },
  { weight: 2, arbitrary: anywhere('go online') },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait'), seconds: fc.constantFrom(1, 5, 31, 280) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('jump'),
      seconds: fc.constantFrom(-86_400, -600, -20, 20, 600, 86_400),
    }),
  },
)

const daysOf = (actions: fc.Arbitrary<Action>): fc.Arbitrary<readonly Step[]> =>
  fc.array(fc.record({ action: actions, arrivals: fc.nat(6) }), {
    minLength: 1,
    maxLength: 40,
    size: 'max',
  })

/** Days on which anything may happen. */
export const steps = daysOf(action)

/** Days on which nothing goes wrong but that access tokens expire. */
export const quietSteps = daysOf(
  fc.oneof(
    { weight: 6, arbitrary: calls },
    { weight: 2, arbitrary: anywhere('expire access tokens') },
    { weight: 1, arbitrary: anywhere('open a tab') },
    { weight: 1, arbitrary: onPage('ask for the session') },
  ),
)
