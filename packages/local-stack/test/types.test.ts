// The options are typed: this file's assertions are the compiler's.
import type { LocalStackLog, LocalStackOptions } from '@token-handler/local-stack'
import type { DevelopmentOptions, DevServerOptions } from '@token-handler/local-stack/development'
import { expectTypeOf, test } from 'vitest'

type Undefined<O> = { [K in keyof O]: undefined }

test('with exactOptionalPropertyTypes every option may be undefined', () => {
  expectTypeOf<Undefined<DevelopmentOptions>>().toExtend<DevelopmentOptions>()
  expectTypeOf<Undefined<Omit<DevServerOptions, 'spa'>>>().toExtend<Omit<DevServerOptions, 'spa'>>()
  expectTypeOf<Undefined<LocalStackOptions>>().toExtend<LocalStackOptions>()
  expectTypeOf<Undefined<LocalStackLog>>().toExtend<LocalStackLog>()
})
