// The options are typed: this file's assertions are the compiler's.
import type { TokenHandlerPluginOptions } from '@token-handler/vite-plugin'
import { expectTypeOf, test } from 'vitest'

test('with exactOptionalPropertyTypes every option may be undefined', () => {
  type Undefined = { [K in keyof TokenHandlerPluginOptions]: undefined }
  expectTypeOf<Undefined>().toExtend<TokenHandlerPluginOptions>()
})
