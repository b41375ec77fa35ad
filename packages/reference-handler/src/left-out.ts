// Code that only some configurations need. A bundler that is told so leaves it out: docs/worker.md, decisions/0039.

declare global {
  /** `deviceBinding`. */
  var __TOKEN_HANDLER_DEVICE_BINDING__: boolean | undefined
  /** `client.dpopKeys`. */
  var __TOKEN_HANDLER_DPOP__: boolean | undefined
  /** `introspection`. */
  var __TOKEN_HANDLER_INTROSPECTION__: boolean | undefined
  /** `routes[].exchange`. */
  var __TOKEN_HANDLER_EXCHANGE__: boolean | undefined
  /** `routes[].webSocket`, in workers. */
  var __TOKEN_HANDLER_WEB_SOCKETS__: boolean | undefined
  /** A store that instances share: `redis`, `session.store` and back-channel logout. */
  var __TOKEN_HANDLER_STORE__: boolean | undefined
  /** What gateways ask the handler. */
  var __TOKEN_HANDLER_GATEWAY__: boolean | undefined
}

/**
 * Takes the place of code that a bundle leaves out. Fetch hosts refuse such a configuration at the start; anywhere else
 * this throws, so nothing passes.
 *
 * @throws always
 */
export function leftOut(): never {
  throw new Error('The bundle leaves out the code that this needs.')
}
