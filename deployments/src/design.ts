// A design, as data: which host has what at which path, and which apps share a session.

/** Of a website: where sign-outs lead, because it ends its own session too. */
export const SIGNED_OUT_PATH = '/signed-out'

/** What is served at a path. */
export type PlaceKind =
  /** The static files of an app. */
  | 'app'
  /** Agent and proxy. */
  | 'handler'
  /** A server that renders pages. */
  | 'web-host'
  /** A website with cookies of its own. */
  | 'website'

/** An app, and how it is set up. */
export interface AppDesign {
  /** Shown to users. */
  readonly name: string
  readonly source: 'react' | 'plain'
  /** The tenant that signs its users in, by its id. */
  readonly tenant: string
  /** Whether apps of other origins share its session, so that this origin alone cannot know who is signed in. */
  readonly isShared?: boolean
  /** Other pages that it leads to, by host and path. */
  readonly links?: readonly {
    readonly host: string
    readonly path: string
    readonly name: string
  }[]
}

/** What is at a path and below it. */
export interface Place {
  readonly path: string
  readonly kind: PlaceKind
  readonly app?: AppDesign
}

/** A host of the front, where TLS ends. */
export interface HostDesign {
  /** The first label of its name. */
  readonly name: string
  /** Longer paths first. */
  readonly places: readonly Place[]
  /** Where its front runs, if not with the others: on the machine of a developer, with a port of its own. */
  readonly machine?: 'developer'
}

/** Apps with one client, and thus one session, at one agent. */
export interface TenantDesign {
  readonly id: string
  /** Of the agent, if it has its host to itself. */
  readonly host?: string
  /** Above the agent and the API, if it has only that. */
  readonly path?: string
  /** Of cookies, if tenants share a host. */
  readonly prefix?: string
  readonly agentPath: string
  readonly apiPath: string
  /** Hosts whose pages may call, each with the path of the page that ends sign-ins. */
  readonly pages: readonly {
    readonly host: string
    readonly callbackPath: string
    /** To which the authorization server leads after a sign-out. Default: the app of the callback. */
    readonly signedOutPath?: string
  }[]
}

/** What a design costs a browser, as the tests measure it. */
export interface Costs {
  /** Requests of the first page load, preflights included, until the page knows that nobody is signed in. */
  readonly firstLoad: number
  /** The preflights among them. */
  readonly firstLoadPreflights: number
  /** Requests of a later load, signed in, without preflights, which browsers remember for different times. */
  readonly laterLoad: number
  /** Preflights of the first call of an API, and of the next one of the same URL. */
  readonly callPreflights: number
}

/** A URL design or page architecture. */
export interface Design {
  readonly name: string
  readonly title: string
  /** One sentence: for whom it is. */
  readonly purpose: string
  readonly hosts: readonly HostDesign[]
  readonly tenants: readonly TenantDesign[]
  /** The page with which a walk through it begins. */
  readonly start: { readonly host: string; readonly path: string }
  readonly costs: Costs
}

/** The place of a path on a host. */
export const placeOf = ({ places }: HostDesign, path: string): Place | undefined =>
  places.find(
    (place) => place.path === '/' || path === place.path || path.startsWith(`${place.path}/`),
  )
