// Rules about the store that instances share.
import type { Rule } from './rule.ts'

export const sessionStoreIsThere: Rule = {
  about: ['redis', 'session'],
  *mistakes({ redis: { url }, session: { store } }) {
    if (store !== 'redis' || url !== undefined) return
    yield {
      path: ['session', 'store'],
      message:
        'is redis, and redis.url names no store; set redis.url, or leave sessions in cookies',
    }
  },
}
