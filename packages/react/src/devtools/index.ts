// Devtools for development.
export { recordTrace, TokenHandlerDevtools } from './production-switch.ts'
export type { TokenHandlerDevtoolsProps } from './development-devtools.tsx'
