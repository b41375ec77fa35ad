// The Content-Security-Policy of the page: its own style and script by their hashes, its own server, nothing else.
import { createHash } from 'node:crypto'
import { script } from './script.ts'
import { style } from './style.ts'

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The header's value. */
export const policy: string = [
  `default-src 'none'`,
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  `connect-src 'self'`,
  `img-src data:`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ')
