// What the configuration accepts as a URL.
import { isHttpUrl } from '@token-handler/contract'
import * as z from 'zod/mini'
import { isConfidential } from './urls.ts'

/** Any http(s) URL. */
export const httpUrl = z.string().check(
  z.refine(isHttpUrl, { error: 'must be an absolute http or https URL', abort: true }),
  z.refine(
    (value) => !new URL(value).hostname.includes('*'),
    'must name one host; a wildcard is not possible',
  ),
)

/** https, or http on a loopback name: tokens and credentials travel to these URLs. */
export const secureUrl = httpUrl.check(
  z.refine(
    isConfidential,
    'must be https, because tokens travel there; http is accepted on localhost, *.localhost and loopback addresses only',
  ),
)

const isPlace = (value: string): boolean => {
  const { username, password, hash } = new URL(value)
  return `${username}${password}${hash}` === ''
}

const NO_PLACE = 'must have no user name and no fragment; remove them'

/** A URL that is called, or visited with parameters: its parts are those that are sent. */
export const endpointUrl = secureUrl.check(z.refine(isPlace, NO_PLACE))

/** A URL that the handler calls itself; a rule says when it may be http. */
export const calledUrl = httpUrl.check(z.refine(isPlace, NO_PLACE))
