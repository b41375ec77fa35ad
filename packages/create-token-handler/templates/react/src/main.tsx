import { createRoot } from 'react-dom/client'
import { TokenHandlerProvider } from '@token-handler/react'
import { App } from './app.tsx'
import { tokenHandler } from './token-handler.ts'

const { returnTo } = await tokenHandler.load()
if (returnTo !== undefined) history.replaceState(null, '', returnTo)

createRoot(document.getElementById('root')!).render(
  <TokenHandlerProvider client={tokenHandler}>
    <App />
  </TokenHandlerProvider>,
)
