// The OAuth Agent, the OAuth Proxy and the files of the SPA as one worker.
import { createCheckedWorker, Refreshes } from '@token-handler/reference-handler/worker/checked'
// Written by the build command of wrangler.jsonc.
import configuration from './configuration.json'

export { Refreshes }
export default createCheckedWorker(configuration)
