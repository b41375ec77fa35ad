// Where the page of an error code is.

/** The page that says what a code means, and what to do. */
export const pageOf = (code: string): string =>
  `https://github.com/token-handler/token-handler/blob/main/docs/errors/${code}.md`
