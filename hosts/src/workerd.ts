// The worker in workerd, configured as Cloudflare would run it.
import { asSource } from './bundle.ts'
import type { HostOptions } from './host.ts'
import type { RunningHost } from './process.ts'
import { serveWorkerd } from './serve-workerd.ts'

/** workerd resolves no *.localhost, so the authorization server is asked through a binding. */
const workerOf = (settings: unknown): string => `
import { createWorker, Refreshes } from '@token-handler/reference-handler/worker'
let bindings
const worker = createWorker({
  settings: ${JSON.stringify(settings)},
  fetch: (url, init) => bindings.AUTHORIZATION_SERVER.fetch(url, init),
})
export { Refreshes }
export default {
  fetch(request, env, context) {
    bindings = env
    return worker.fetch(request, env, context)
  },
}
`

/** No compatibility flag, and with it nothing of Node. */
const configurationOf = (proxyPort: number): string => `
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .handler),
    (name = "upstreams", network = (allow = ["private", "public"])),
    (name = "authorization-server", external = (
      address = "127.0.0.1:${proxyPort}",
      http = (style = proxy)
    )),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const handler :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2026-09-01",
  globalOutbound = "upstreams",
  durableObjectNamespaces = [(className = "Refreshes", uniqueKey = "refreshes")],
  durableObjectStorage = (inMemory = void),
  bindings = [
    (name = "REFRESHES", durableObjectNamespace = "Refreshes"),
    (name = "AUTHORIZATION_SERVER", service = "authorization-server"),
  ],
);
`

/** Starts the worker. */
export async function startWorkerd(options: HostOptions): Promise<RunningHost> {
  const { configuration, folder, proxyPort } = options
  return await serveWorkerd(asSource(workerOf(configuration)), configurationOf(proxyPort), folder)
}
