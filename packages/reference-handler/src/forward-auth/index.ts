// Entry `./forward-auth`: the proxy's decision for gateways that forward requests themselves.
export { createForwardAuth } from './forward-auth.ts'
export type { ForwardAuth, ForwardAuthAnswer, ForwardAuthOptions } from './forward-auth.ts'
export { gatewayProfiles } from './profiles.ts'
export { gatewayNames } from './gateway-names.ts'
export type { GatewayName } from './gateway-names.ts'
export type { GatewayProfile, Removal } from './profiles.ts'
export { removedFamilies, removedNames } from '../proxy/removed-headers.ts'
