// The proxy's decision for an HTTP API that forwards to the API itself.
import { createLambdaAuthorizer } from '@token-handler/reference-handler/lambda'

export const handler = createLambdaAuthorizer()
