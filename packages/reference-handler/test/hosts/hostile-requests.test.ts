// Requests that no browser sends, to the handler itself.
import { shareHandler } from './handler.ts'
import { describeHostileRequests } from './hostile-requests.ts'

describeHostileRequests(await shareHandler())
