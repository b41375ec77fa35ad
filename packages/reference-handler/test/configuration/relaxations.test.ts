// Which prefixes of cookie names are weaker than the default, and what each gives up.
import { expect, it } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { findRelaxations } from '../../src/configuration/relaxations.ts'
import { validInput } from './valid-configuration.ts'

const lossOf = (prefix: string) =>
  findRelaxations(
    parseConfiguration({ ...validInput, cookies: { ...validInput.cookies, prefix } }),
  ).find(({ setting }) => setting === 'cookies.prefix')?.loses

it.each(['__Host-Http-th', '__Host-Http-shop', '__HOST-http-th', '__Host-Http'])(
  'the prefix %s is as strong as the default',
  (prefix) => {
    expect(lossOf(prefix)).toBeUndefined()
  },
)

it.each([
  ['__Host-th', /^scripts of a page/],
  ['__host-Httpth', /^scripts of a page/],
  ['__Http-th', /^other hosts of the site can plant cookies of this name;/],
  ['__Secure-th', /^other hosts .* scripts of a page/],
  ['th', /^other hosts .* scripts of a page/],
])('the prefix %s is weaker, and the log says how', (prefix, loss) => {
  expect(lossOf(prefix)).toMatch(loss)
})
