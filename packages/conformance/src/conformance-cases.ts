// The suite as one list.
import type { ConformanceCase } from './case.ts'
import { ambiguousCallbackCases } from './cases/ambiguous-callbacks.ts'
import { answerCases } from './cases/answers.ts'
import { apiRequestCases } from './cases/api-requests.ts'
import { apiStreamCases } from './cases/api-streams.ts'
import { authorizationRequestCases } from './cases/authorization-request.ts'
import { browserCases } from './cases/browsers.ts'
import { callbackRefusalCases } from './cases/callback-refusals.ts'
import { cookieLimitCases } from './cases/cookie-limits.ts'
import { cookieCases } from './cases/cookies.ts'
import { corsCases } from './cases/cors.ts'
import { deviceBindingCases } from './cases/device-binding.ts'
import { jarmCases } from './cases/jarm.ts'
import { keyRotationCases } from './cases/key-rotation.ts'
import { loginErrorCases } from './cases/login-errors.ts'
import { lookalikeOriginCases } from './cases/lookalike-origins.ts'
import { logoutCases } from './cases/logout.ts'
import { malformedRequestCases } from './cases/malformed-requests.ts'
import { outageCases } from './cases/outages.ts'
import { plantedCookieCases } from './cases/planted-cookies.ts'
import { prefetchedRequestCases } from './cases/prefetched-requests.ts'
import { proxyCases } from './cases/proxy.ts'
import { rateLimitCases } from './cases/rate-limits.ts'
import { refreshCases } from './cases/refresh.ts'
import { sessionEndCases } from './cases/session-end.ts'
import { untrustedRequestCases } from './cases/untrusted-requests.ts'
import { visitCases } from './cases/visit.ts'

/** All cases. Each is independent of the others: any subset, in any order. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...visitCases,
  ...authorizationRequestCases,
  ...callbackRefusalCases,
  ...ambiguousCallbackCases,
  ...jarmCases,
  ...loginErrorCases,
  ...untrustedRequestCases,
  ...lookalikeOriginCases,
  ...prefetchedRequestCases,
  ...malformedRequestCases,
  ...refreshCases,
  ...sessionEndCases,
  ...logoutCases,
  ...outageCases,
  ...rateLimitCases,
  ...proxyCases,
  ...apiRequestCases,
  ...apiStreamCases,
  ...cookieCases,
  ...cookieLimitCases,
  ...browserCases,
  ...plantedCookieCases,
  ...keyRotationCases,
  ...deviceBindingCases,
  ...corsCases,
  ...answerCases,
]
