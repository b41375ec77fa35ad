// The paths that the server answers itself.

/** Answers as long as the process lives. */
export const HEALTH_PATH = '/health'

/** Answers whether the handler can serve. */
export const READY_PATH = '/ready'

/** Whether a path, without a query, is one of them. */
export const isHealthPath = (path: string): boolean => path === HEALTH_PATH || path === READY_PATH
