// Entry `./redis`: what all instances of a deployment share, over Redis or Valkey.
export { connectRedis } from './connect-redis.ts'
export type { SharedStore, StoreCall } from '../store/shared-store.ts'
