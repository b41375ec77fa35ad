// What the configuration accepts as a URL.
import { isHttpUrl } from '@token-handler/contract'
import * as z from 'zod'
import { isConfidential } from './urls.ts'

/** Any http(s) URL. */
export const httpUrl = z
  .string()
  .refine(isHttpUrl, { error: 'must be an absolute http or https URL', abort: true })

/** https, or http on a loopback name: tokens and credentials travel to these URLs. */
export const secureUrl = httpUrl.refine(
  isConfidential,
  'must be https, because tokens travel there; http is accepted on localhost, *.localhost and loopback addresses only',
)
