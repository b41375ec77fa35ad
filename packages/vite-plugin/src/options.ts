// What can be chosen about the plugin.
import type { DevelopmentOptions } from '@token-handler/local-stack/development'

/** Options of the plugin; every one has a default. */
export interface TokenHandlerPluginOptions extends DevelopmentOptions {
  /**
   * The page's origin, where Vite cannot know it: in middleware mode, or behind another proxy.
   * @default `http://localhost` on the port that Vite prints
   */
  readonly origin?: string | undefined
  /**
   * Serves https with a certificate of an authority that is made once for this user and kept in `~/.token-handler`.
   * A name of a folder keeps it there.
   * @default false
   */
  readonly https?: boolean | string | undefined
}
