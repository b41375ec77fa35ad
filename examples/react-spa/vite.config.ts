// How Vite serves and builds the app: React, and the SDK's packages straight from their sources.
import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['@token-handler/source', ...defaultClientConditions] },
})
