// Devtools for development.
export { recordTrace, TokenHandlerDevtools } from './devtools.tsx'
