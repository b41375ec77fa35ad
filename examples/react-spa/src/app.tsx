// The providers around the router.
import { QueryClientProvider } from '@tanstack/react-query'
import type { QueryClient } from '@tanstack/react-query'
import { TokenHandlerProvider } from '@token-handler/react'
import { TokenHandlerDevtools } from '@token-handler/react/devtools'
import type { ReactElement } from 'react'
import { RouterProvider } from 'react-router/dom'
import type { RouterProviderProps } from 'react-router/dom'
import { DevelopmentTools } from './components/development-tools.tsx'
import { controlUrl } from './settings.ts'
import type { AppClient } from './token-handler.ts'

interface AppProps {
  readonly client: AppClient
  readonly queryClient: QueryClient
  readonly router: RouterProviderProps['router']
}

export function App({ client, queryClient, router }: AppProps): ReactElement {
  return (
    <TokenHandlerProvider client={client}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <TokenHandlerDevtools>
          {controlUrl !== undefined && <DevelopmentTools controlUrl={controlUrl} />}
        </TokenHandlerDevtools>
      </QueryClientProvider>
    </TokenHandlerProvider>
  )
}
