// The OAuth Agent, the OAuth Proxy and the files of the SPA as one worker.
import { createWorker, Refreshes } from '@token-handler/reference-handler/worker'

export { Refreshes }
export default createWorker()
