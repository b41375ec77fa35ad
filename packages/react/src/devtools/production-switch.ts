// The devtools as an app uses them: there in development, and nothing in production.
import type { ReactElement } from 'react'
import type { RegisteredClient } from '../register.ts'
import { createDevtools } from './development-devtools.tsx'
import type { TokenHandlerDevtoolsProps } from './development-devtools.tsx'
import { recordingOf } from './recording.ts'

// Bundlers put the value in its place, and then drop what it rules out: the `import()` too, which has to
// stand inside for that. See decisions/0014.
declare const process: { readonly env: { readonly NODE_ENV?: string } }

/**
 * A button in the corner of the page that opens a panel: a timeline of what the client does in every
 * tab, its state, and the last errors with their meaning. Put it anywhere below the provider. It shows
 * no token, since no tab has one, and claims only when asked. Drag the button, or press an arrow key on it,
 * to move it to another corner. In a production build it renders nothing, and nothing of it is in the bundle.
 *
 * @param props - `children`: tools of your own, which the panel shows beside its own, in the style of the
 *   panel; absent by default. What they import stays in a production build unless the app leaves it out.
 * @throws {MissingProviderError} outside a `TokenHandlerProvider`
 *
 * @example
 * import { TokenHandlerDevtools } from '@token-handler/react/devtools'
 *
 * export const Tools = () => (
 *   <TokenHandlerDevtools>
 *     <button type="button" onClick={() => void fetch('/development/expire', { method: 'POST' })}>
 *       Expire the access token
 *     </button>
 *   </TokenHandlerDevtools>
 * )
 */
export const TokenHandlerDevtools: (props: TokenHandlerDevtoolsProps) => ReactElement | null =
  process.env.NODE_ENV === 'development' ? createDevtools(() => import('./panel.tsx')) : () => null

/**
 * Begins to record what a client does, before the devtools are on the page. For apps that call
 * `load()` before they render; call it before that. In a production build it does nothing.
 *
 * @example
 * import { createTokenHandlerClient } from '@token-handler/client'
 * import { recordTrace } from '@token-handler/react/devtools'
 *
 * const tokenHandler = createTokenHandlerClient({ agentUrl: '/oauth-agent', apiUrls: ['/api/'] })
 * recordTrace(tokenHandler)
 * await tokenHandler.load()
 */
export const recordTrace: (client: RegisteredClient) => void =
  process.env.NODE_ENV === 'development' ? (client) => recordingOf(client).start() : () => {}
