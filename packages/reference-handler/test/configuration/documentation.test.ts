// docs/configuration.md is written from the schema, and is up to date.
import { expect, it } from 'vitest'
import { renderConfigurationDocument } from './documentation.ts'

it('docs/configuration.md says what the handler reads', async () => {
  await expect(renderConfigurationDocument()).toMatchFileSnapshot(
    '../../../../docs/configuration.md',
  )
})
