// What the tests need of a browser engine, in the words of Playwright: its own objects fit, and so do ours.

/** The engines that users have. */
export type EngineName = 'Chromium' | 'Firefox' | 'WebKit'

/** A cookie as a browser keeps it. */
export interface Cookie {
  readonly name: string
  readonly value: string
  /** Begins with a dot if the cookie has a Domain attribute. */
  readonly domain: string
  readonly path: string
  readonly httpOnly: boolean
  readonly secure: boolean
  readonly sameSite: 'Strict' | 'Lax' | 'None'
}

/** The roles that the tests look for. */
export type Role = 'alert' | 'banner' | 'button' | 'heading' | 'link' | 'list' | 'listitem' | 'main'

/** Elements are looked for by what users see; a text counts if it occurs, in whatever case. */
export interface Finder {
  readonly getByRole: (role: Role, options?: { readonly name?: string | RegExp }) => Locator
  readonly getByLabel: (text: string | RegExp) => Locator
  readonly getByText: (text: string | RegExp) => Locator
}

/** Elements of a page, looked for whenever something is done with them; actions wait until there is one. */
export interface Locator extends Finder {
  readonly first: () => Locator
  /** Clicks as a user does: the page has user activation afterwards. */
  readonly click: () => Promise<void>
  readonly fill: (value: string) => Promise<void>
  readonly selectOption: (option: { readonly index: number }) => Promise<unknown>
  /** Waits until one is visible. */
  readonly waitFor: () => Promise<void>
  /** Does not wait. */
  readonly count: () => Promise<number>
  /** Does not wait. */
  readonly isVisible: () => Promise<boolean>
  readonly innerText: () => Promise<string>
}

/** A tab. Every tab is visible, as if it had a window of its own. */
export interface Page extends Finder {
  /** Resolves when the document and what it needs have been loaded. */
  readonly goto: (url: string) => Promise<unknown>
  readonly reload: () => Promise<unknown>
  /** Goes back in the history, also to a page that was kept; absent where the driver cannot do that. */
  readonly traverseBack?: (() => Promise<void>) | undefined
  readonly waitForURL: (isThere: (url: URL) => boolean) => Promise<void>
  /**
   * Runs a function in the page, which sees nothing but its argument.
   *
   * @returns what it returns or resolves with, as JSON
   */
  readonly evaluate: {
    <Result>(run: () => Result | Promise<Result>): Promise<Result>
    <Result, Argument>(
      run: (argument: Argument) => Result | Promise<Result>,
      argument: Argument,
    ): Promise<Result>
  }
  readonly close: () => Promise<void>
}

/** A browser profile: its tabs share cookies and storage, and nobody else does. */
export interface Context<P extends Page = Page> {
  readonly newPage: () => Promise<P>
  /** The cookies that go with a request to this URL, of whose host a page may be opened for that. */
  readonly cookies: (url: string) => Promise<readonly Cookie[]>
  /** Removes the cookies that go with a request to this URL: all, or those with such a name. */
  readonly removeCookies: (url: string, name?: RegExp) => Promise<void>
  readonly close: () => Promise<void>
}

/** A browser that runs. */
export interface RunningEngine {
  readonly newContext: () => Promise<Context>
  /**
   * What pages have written to the console, in all tabs; `undefined` if the engine's driver does not
   * tell.
   */
  readonly readConsole?: (() => readonly string[]) | undefined
  /** Ends all of its processes. */
  readonly stop: () => Promise<void>
}

/** What an engine is started for. */
export interface EngineOptions {
  /** Host names that lead to this machine. Default: what {@link Engine.names} says. */
  readonly hosts?: readonly string[]
  /** Signs their certificates, as PEM; it has to be in the chain. */
  readonly authority?: string
}

/** An engine that tests can run in. */
export interface Engine {
  readonly name: EngineName
  /** What has to be on the machine. */
  readonly programs: readonly string[]
  /**
   * The names by which it reaches the servers. `localhost`: over http, as in development. `example`:
   * over https, under a suffix that is in the public suffix list.
   */
  readonly names: 'localhost' | 'example'
  readonly start: (options?: EngineOptions) => Promise<RunningEngine>
}
