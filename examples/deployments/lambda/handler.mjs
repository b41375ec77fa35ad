// Agent and proxy behind an HTTP API, a REST API or a load balancer.
import { createLambdaHandler } from '@token-handler/reference-handler/lambda'

export const handler = createLambdaHandler()
