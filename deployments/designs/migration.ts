// A website with cookies of its own whose pages become those of an app, one after another.
import { SIGNED_OUT_PATH } from '../src/design.ts'
import type { Design } from '../src/design.ts'
import { oneOriginCosts } from './shapes.ts'

export const migration: Design = {
  name: 'migration',
  title: 'From a cookie-based website, page by page',
  purpose: 'A website that cannot be replaced in one day.',
  hosts: [
    {
      name: 'www',
      places: [
        { path: '/oauth-agent', kind: 'handler' },
        { path: '/api', kind: 'handler' },
        {
          path: '/new',
          kind: 'app',
          app: {
            name: 'Shop',
            source: 'react',
            tenant: 'shop',
            links: [{ host: 'www', path: '/', name: 'Website' }],
          },
        },
        { path: '/', kind: 'website' },
      ],
    },
  ],
  tenants: [
    {
      id: 'shop',
      agentPath: '/oauth-agent',
      apiPath: '/api',
      // The website is the one that can end its old session too.
      pages: [{ host: 'www', callbackPath: '/new/callback', signedOutPath: SIGNED_OUT_PATH }],
    },
  ],
  start: { host: 'www', path: '/new/' },
  costs: oneOriginCosts,
}
