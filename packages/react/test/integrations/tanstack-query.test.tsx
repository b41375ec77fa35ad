// The cache of TanStack Query, when another user takes over.
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { act, render, screen } from '@testing-library/react'
import { RequireSession, TokenHandlerProvider, useTokenHandler } from '@token-handler/react'
import type { ReactElement } from 'react'
import { expect, test } from 'vitest'
import { createTestBed } from '../setup.ts'

test('another user never sees, even for one render, what was cached for the last one', async () => {
  const { agent, client } = createTestBed('alice')
  agent.protect('/api/orders', ({ claims }) => Response.json(`orders of ${claims.name}`))
  const queryClient = new QueryClient()
  client.on('userChanged', () => queryClient.clear())
  const renders: string[] = []

  function Orders({ name }: { readonly name: string }): ReactElement {
    const { fetch } = useTokenHandler()
    const { data } = useQuery({
      queryKey: ['orders'],
      queryFn: async () => (await fetch('/api/orders')).json() as Promise<string>,
      staleTime: Infinity,
    })
    renders.push(`${name} sees ${data ?? 'nothing'}`)
    return <p>{data}</p>
  }
  render(
    <TokenHandlerProvider client={client}>
      <QueryClientProvider client={queryClient}>
        <RequireSession>
          {({ claims }) => <Orders key={claims.sub} name={claims.name} />}
        </RequireSession>
      </QueryClientProvider>
    </TokenHandlerProvider>,
  )
  await screen.findByText('orders of Alice')
  agent.signIn('bob')
  await act(() => client.session())
  await screen.findByText('orders of Bob')
  expect(renders).toEqual([
    'Alice sees nothing',
    'Alice sees orders of Alice',
    'Bob sees nothing',
    'Bob sees orders of Bob',
  ])
})
