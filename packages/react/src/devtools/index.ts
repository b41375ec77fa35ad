// Devtools for development.
export { recordTrace, TokenHandlerDevtools } from './production-switch.ts'
