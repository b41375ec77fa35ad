// Making a new app, as a function.
export { createApp, templates } from './create-app.ts'
export type { Template } from './create-app.ts'
