// OpenTelemetry for `serve`, with its API and without.
import { expect, it } from 'vitest'
import { loadTrace } from '../../src/cli/load-trace.ts'

it('says what is missing where the API is not installed', async () => {
  const load = () => Promise.reject(new Error('Cannot find package'))
  await expect(loadTrace(load)).rejects.toThrow(
    /server\.openTelemetry \(TOKEN_HANDLER_OPEN_TELEMETRY\) needs the package @opentelemetry\/api/,
  )
})
