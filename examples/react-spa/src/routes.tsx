// All pages and their paths.
import type { RouteObject } from 'react-router'
import { SiteLayout } from './components/site-layout.tsx'
import { CallbackPage, CallbackProgress, endLogin } from './routes/callback.tsx'
import { CrashPage } from './routes/crash.tsx'
import { HomePage } from './routes/home.tsx'
import { LabelPage } from './routes/label.tsx'
import { NotFoundPage } from './routes/not-found.tsx'
import { OrderPage } from './routes/order.tsx'
import { OrdersPage } from './routes/orders.tsx'
import { ProfilePage } from './routes/profile.tsx'
import type { AppClient } from './token-handler.ts'

export function createRoutes(client: AppClient): RouteObject[] {
  return [
    {
      element: <SiteLayout />,
      errorElement: <CrashPage />,
      children: [
        { index: true, element: <HomePage /> },
        { path: 'orders', element: <OrdersPage /> },
        { path: 'orders/:id', element: <OrderPage /> },
        { path: 'label', element: <LabelPage /> },
        { path: 'profile', element: <ProfilePage /> },
        {
          path: 'callback',
          loader: () => endLogin(client),
          element: <CallbackPage />,
          hydrateFallbackElement: <CallbackProgress />,
        },
        { path: '*', element: <NotFoundPage /> },
      ],
    },
  ]
}
