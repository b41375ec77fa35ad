// The paths that the server answers itself.

/** Answers as long as the process lives. */
export const HEALTH_PATH = '/health'

/** Answers whether the handler can serve. */
export const READY_PATH = '/ready'
