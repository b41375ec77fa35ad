// Agent and proxy behind a function URL: event streams are live.
import { createStreamingHandler } from '@token-handler/reference-handler/lambda'

export const handler = createStreamingHandler()
