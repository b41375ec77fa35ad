// An app below a path of its origin: after a sign-in the user is on the page that asked for it.
import {
  createRootRoute,
  createRoute,
  createRouter,
  redirect as redirectTo,
  RouterProvider as TanStackRouterProvider,
} from '@tanstack/react-router'
import { cleanup, render, screen } from '@testing-library/react'
import { ensureSession, TokenHandlerProvider } from '@token-handler/react'
import type { RegisteredClient } from '@token-handler/react'
import type { ReactNode } from 'react'
import { createBrowserRouter, replace, RouterProvider } from 'react-router'
import type { LoaderFunctionArgs, RouteObject } from 'react-router'
import { expect, test, vi } from 'vitest'
import { createTestBed } from '../setup.ts'

// jsdom draws nothing, so it cannot scroll either.
vi.stubGlobal('scrollTo', () => {})

const place = { basePath: '/app', callbackPath: '/app/callback' }

/** Opens a deep link as a visitor, signs in, and comes back to the callback page. */
async function signInFrom(
  deepLink: string,
  openApp: (client: RegisteredClient) => ReactNode,
  at?: typeof place,
): Promise<void> {
  const { agent, client, departures, openPage } = createTestBed(undefined, at)
  const open = (url: string, page: RegisteredClient): void => {
    cleanup()
    history.replaceState(null, '', url)
    void page.load()
    render(<TokenHandlerProvider client={page}>{openApp(page)}</TokenHandlerProvider>)
  }
  open(deepLink, client)
  await expect.poll(() => departures).toHaveLength(1)
  const [authorizationUrl = ''] = departures
  open(agent.completeLogin(authorizationUrl, { user: 'alice' }), openPage().client)
  await screen.findByText('Orders')
}

const wait = <p>One moment</p>

/** The recipe of the guide, for a router that knows its `basename`. */
function createRoutes(client: RegisteredClient, callback: string): RouteObject[] {
  async function loadOrders({ request }: LoaderFunctionArgs): Promise<string> {
    const { claims } = await ensureSession(client, { returnTo: request.url })
    return claims.name
  }
  async function endLogin(): Promise<Response | null> {
    const { returnTo } = await client.load()
    return returnTo === undefined ? null : replace(new URL(returnTo, location.href).href)
  }
  return [
    { path: '/orders', loader: loadOrders, element: <p>Orders</p>, hydrateFallbackElement: wait },
    { path: callback, loader: endLogin, element: wait, hydrateFallbackElement: wait },
    { path: '*', element: <p>Not found</p> },
  ]
}

test('React Router with a basename leads to the deep link', async () => {
  await signInFrom(
    '/app/orders?page=2#third',
    (client) => (
      <RouterProvider
        router={createBrowserRouter(createRoutes(client, '/callback'), { basename: '/app' })}
      />
    ),
    place,
  )
  expect(location.href).toBe(`${location.origin}/app/orders?page=2`)
})

test('React Router without a basename leads to the deep link', async () => {
  await signInFrom('/orders?page=2', (client) => (
    <RouterProvider router={createBrowserRouter(createRoutes(client, '/'))} />
  ))
  expect(location.href).toBe(`${location.origin}/orders?page=2`)
})

/** The recipe of the guide, for a router that knows its `basepath`. */
function createTanStackRouter(client: RegisteredClient, basepath: string) {
  const rootRoute = createRootRoute({ notFoundComponent: () => <p>Not found</p> })
  const ordersRoute = createRoute({
    getParentRoute: () => rootRoute,
    path: '/orders',
    beforeLoad: async ({ location, preload }) => ({
      session: await ensureSession(client, { returnTo: location.publicHref, preload }),
    }),
    component: () => <p>Orders</p>,
  })
  const callbackRoute = createRoute({
    getParentRoute: () => rootRoute,
    path: '/callback',
    beforeLoad: async () => {
      const { returnTo } = await client.load()
      if (returnTo === undefined) throw redirectTo({ to: '/welcome' })
      throw redirectTo({ href: new URL(returnTo, location.href).href, replace: true })
    },
  })
  return createRouter({ routeTree: rootRoute.addChildren([ordersRoute, callbackRoute]), basepath })
}

test('TanStack Router with a basepath leads to the deep link', async () => {
  await signInFrom(
    '/app/orders?page=2#third',
    (client) => <TanStackRouterProvider router={createTanStackRouter(client, '/app')} />,
    place,
  )
  expect(location.href).toBe(`${location.origin}/app/orders?page=2#third`)
})

test('TanStack Router without a basepath leads to the deep link', async () => {
  const root = { basePath: '/', callbackPath: '/callback' }
  await signInFrom(
    '/orders?page=2#third',
    (client) => <TanStackRouterProvider router={createTanStackRouter(client, '/')} />,
    root,
  )
  expect(location.href).toBe(`${location.origin}/orders?page=2#third`)
})
