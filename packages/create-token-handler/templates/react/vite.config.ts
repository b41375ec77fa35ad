import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { tokenHandler } from '@token-handler/vite-plugin'

export default defineConfig({ plugins: [react(), tokenHandler()] })
