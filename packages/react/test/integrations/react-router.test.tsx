// The guard for routes in React Router.
import { render, screen } from '@testing-library/react'
import { ensureSession, TokenHandlerProvider } from '@token-handler/react'
import { createMemoryRouter, redirect, RouterProvider, useLoaderData } from 'react-router'
import type { LoaderFunctionArgs } from 'react-router'
import { expect, test } from 'vitest'
import { createTestBed } from '../setup.ts'

type TestClient = ReturnType<typeof createTestBed>['client']

function openRoute(client: TestClient, onSignedOut?: () => unknown): { readonly loads: string[] } {
  const loads: string[] = []
  async function loadOrders({ request }: LoaderFunctionArgs): Promise<string> {
    const { claims } = await ensureSession(client, {
      returnTo: request.url,
      ...(onSignedOut && { onSignedOut }),
    })
    loads.push(claims.sub)
    return claims.name
  }
  function Orders() {
    return <p>Orders of {useLoaderData<string>()}</p>
  }
  const router = createMemoryRouter(
    [
      { path: '/', element: <p>Welcome</p> },
      {
        path: '/orders/:id',
        loader: loadOrders,
        element: <Orders />,
        hydrateFallbackElement: <p>One moment</p>,
        errorElement: <p>Something went wrong</p>,
      },
    ],
    { initialEntries: ['/orders/7?tab=notes'] },
  )
  render(
    <TokenHandlerProvider client={client}>
      <RouterProvider router={router} />
    </TokenHandlerProvider>,
  )
  return { loads }
}

test('a signed-in user sees the route, at the cost of one agent call', async () => {
  const { agent, client } = createTestBed('alice')
  openRoute(client)
  expect(await screen.findByText('Orders of Alice')).toBeDefined()
  expect(agent.calls()).toHaveLength(1)
})

test('a visitor leaves for the sign-in, and nothing of the route was loaded or shown', async () => {
  const { client, departures } = createTestBed()
  const { loads } = openRoute(client)
  await expect.poll(() => departures).toHaveLength(1)
  expect(loads).toEqual([])
  expect(screen.getByText('One moment')).toBeDefined()
})

test('a visitor is redirected where the app says', async () => {
  const { client, departures } = createTestBed()
  openRoute(client, () => redirect('/'))
  expect(await screen.findByText('Welcome')).toBeDefined()
  expect(departures).toEqual([])
})

test('an agent that does not answer is the error of the route', async () => {
  const { agent, client } = createTestBed('alice')
  agent.failNext('session', { status: 502, code: 'authorization_server_error' })
  openRoute(client)
  expect(await screen.findByText('Something went wrong')).toBeDefined()
})
