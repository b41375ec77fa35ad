import { defineConfig } from 'vite'
import { tokenHandler } from '@token-handler/vite-plugin'

export default defineConfig({ plugins: [tokenHandler()] })
