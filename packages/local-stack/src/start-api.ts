// The API behind the proxy: the demo API, or one that runs already.
import { startDemoApi } from './demo-api/server.ts'
import type { DemoApi, DemoApiOptions } from './demo-api/server.ts'

/** Starts the demo API unless there is another one, which nobody here can switch off. */
export async function startApi(url: string | undefined, options: DemoApiOptions): Promise<DemoApi> {
  if (url === undefined) return await startDemoApi(options)
  return {
    url: url.replace(/\/$/, ''),
    setAvailability: () => {
      throw new Error('This is not the demo API: only its own developers can take it down.')
    },
    close: async () => {},
  }
}
