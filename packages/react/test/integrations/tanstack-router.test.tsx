// The guard for routes in TanStack Router.
import {
  createMemoryHistory,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Link,
  redirect,
  RouterProvider,
} from '@tanstack/react-router'
import { fireEvent, render, screen } from '@testing-library/react'
import { ensureSession, TokenHandlerProvider } from '@token-handler/react'
import type { RegisteredClient } from '@token-handler/react'
import { expect, test, vi } from 'vitest'
import { createTestBed } from '../setup.ts'

// jsdom draws nothing, so it cannot scroll either.
vi.stubGlobal('scrollTo', () => {})

const rootRoute = createRootRouteWithContext<{ readonly client: RegisteredClient }>()()

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: () => (
    <p>
      Welcome{' '}
      <Link to="/orders/$id" params={{ id: '7' }}>
        Order 7
      </Link>
    </p>
  ),
})

const ordersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/orders/$id',
  beforeLoad: async ({ context, location, preload }) => ({
    session: await ensureSession(context.client, { returnTo: location.href, preload }),
  }),
  component: () => <p>Orders of {ordersRoute.useRouteContext().session.claims.name}</p>,
})

const profileRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/profile',
  beforeLoad: ({ context }) =>
    ensureSession(context.client, { onSignedOut: () => redirect({ to: '/' }) }),
  component: () => <p>Profile</p>,
})

function openRoute(client: RegisteredClient, path: string) {
  const router = createRouter({
    routeTree: rootRoute.addChildren([homeRoute, ordersRoute, profileRoute]),
    context: { client },
    defaultPreload: 'intent',
    defaultPreloadDelay: 0,
    history: createMemoryHistory({ initialEntries: [path] }),
  })
  render(
    <TokenHandlerProvider client={client}>
      <RouterProvider router={router} />
    </TokenHandlerProvider>,
  )
  return router
}

test('a signed-in user sees the route, at the cost of one agent call', async () => {
  const { agent, client } = createTestBed('alice')
  openRoute(client, '/orders/7')
  expect(await screen.findByText('Orders of Alice')).toBeDefined()
  expect(agent.calls()).toHaveLength(1)
})

test('a visitor leaves for the sign-in, to come back to this route', async () => {
  const { client, departures } = createTestBed()
  openRoute(client, '/orders/7?tab=notes')
  await expect.poll(() => departures).toHaveLength(1)
  expect(JSON.stringify(Object.entries(sessionStorage))).toContain('/orders/7?tab=notes')
  expect(screen.queryByText(/Orders/)).toBeNull()
})

test('a visitor is redirected where the app says', async () => {
  const { client, departures } = createTestBed()
  openRoute(client, '/profile')
  expect(await screen.findByText(/Welcome/)).toBeDefined()
  expect(departures).toEqual([])
})

test('a visitor who only points at a link is not sent to the sign-in, and is when they follow it', async () => {
  const { agent, client, departures } = createTestBed()
  const router = openRoute(client, '/')
  const link = await screen.findByRole('link', { name: 'Order 7' })
  const preloaded = vi.spyOn(router, 'preloadRoute')
  fireEvent.mouseOver(link)
  await expect.poll(() => preloaded.mock.results).toHaveLength(1)
  await preloaded.mock.results[0]?.value
  expect(agent.calls('startLogin')).toEqual([])
  expect(departures).toEqual([])
  expect(router.state.location.pathname).toBe('/')
  fireEvent.click(link)
  await expect.poll(() => departures).toHaveLength(1)
})
