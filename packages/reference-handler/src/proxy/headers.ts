// Which headers pass the proxy, in both directions.
export type { HeaderLines } from './header-lines.ts'
export { requestHeaders } from './request-headers.ts'
export type { ClientConnection, OwnHeaders } from './request-headers.ts'
export { isOurCookie, responseHeaders } from './response-headers.ts'
