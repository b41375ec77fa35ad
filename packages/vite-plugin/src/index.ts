// Sign-in in `vite dev` by one line.
export { tokenHandler } from './token-handler.ts'
export type { TokenHandlerPluginOptions } from './options.ts'
