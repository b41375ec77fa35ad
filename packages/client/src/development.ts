// Which of the two builds this is: see decisions/0034.

// Each build has its own value in its place; sources, as tests run them, have none.
declare const __DEVELOPMENT__: boolean | undefined

/** Whether advice belongs into messages. A production build leaves it out, and names a code and its page. */
export const isDevelopment: boolean = typeof __DEVELOPMENT__ === 'undefined' || __DEVELOPMENT__
