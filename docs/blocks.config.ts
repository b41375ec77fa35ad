// How the tests in the documentation are run, once they have been taken out of it.
import { defineConfig } from 'vitest/config'

const source = '@token-handler/source'

export default defineConfig({
  resolve: { conditions: [source, 'module', 'browser', 'development|production'] },
  ssr: {
    resolve: {
      conditions: [source, 'module', 'node', 'development|production'],
      externalConditions: [source],
    },
  },
  test: { environment: 'jsdom', include: ['*.test.{ts,tsx}'] },
})
