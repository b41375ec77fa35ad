// What a wrangler.jsonc says, as configuration of workerd: as much of it as the example uses.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The members of the file that the tests act on. */
interface WranglerFile {
  readonly main: string
  readonly compatibility_date: string
  readonly compatibility_flags?: readonly string[]
  readonly assets: { readonly binding: string; readonly run_worker_first: readonly string[] }
  readonly durable_objects: {
    readonly bindings: readonly { readonly name: string; readonly class_name: string }[]
  }
  /** What the bundler puts in place of names. */
  readonly define: Readonly<Record<string, string>>
}

/** Reads the file; comments and trailing commas are no JSON. */
export async function readWranglerFile(folder: string): Promise<WranglerFile> {
  const text = await readFile(join(folder, 'wrangler.jsonc'), 'utf8')
  const json = text
    .replaceAll(/("(?:\\.|[^"\\])*")|\/\/.*$/gm, '$1')
    .replaceAll(/,(\s*[}\]])/g, '$1')
  return JSON.parse(json) as WranglerFile
}

/** What the worker runs with. */
export interface WorkerdOptions {
  readonly file: WranglerFile
  /** Its secrets. */
  readonly variables: Readonly<Record<string, string>>
  /** Of a forward proxy that knows `*.localhost`; everything goes through it. */
  readonly proxyPort: number
  /** Isolates that requests reach in turn, and that share their Durable Objects. */
  readonly isolates: number
}

const text = (value: string) => JSON.stringify(value)

const takingTurns = (isolates: number) => `
let turn = 0
export default { fetch: (request, env) => env['isolate' + (turn++ % ${isolates})].fetch(request) }`

const servingFiles = `
export default {
  fetch: (request) => new Response('a file at ' + new URL(request.url).pathname),
}`

/** The configuration, for `worker.mjs` beside it. */
export function workerdConfiguration(options: WorkerdOptions): string {
  const { file, variables, proxyPort, isolates } = options
  const isolateNames = Array.from({ length: isolates }, (_, index) => `isolate${index}`)
  const objects = file.durable_objects.bindings
  const bindings = [
    ...Object.entries(variables).map(
      ([name, value]) => `(name = "${name}", text = ${text(value)})`,
    ),
    ...objects.map(
      ({ name, class_name: className }) =>
        `(name = "${name}", durableObjectNamespace = (className = "${className}", serviceName = "isolate0"))`,
    ),
    `(name = "${file.assets.binding}", service = "files")`,
  ]
  const own = objects.map(
    ({ class_name: className }) => `(className = "${className}", uniqueKey = "${className}")`,
  )
  const isolate = (name: string, index: number) => `
const ${name} :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "${file.compatibility_date}",
  compatibilityFlags = [${(file.compatibility_flags ?? []).map(text).join(', ')}],
  globalOutbound = "outbound",
  ${index === 0 ? `durableObjectNamespaces = [${own.join(', ')}], durableObjectStorage = (inMemory = void),` : ''}
  bindings = [${bindings.join(', ')}],
);`
  return `
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    ${isolateNames.map((name) => `(name = "${name}", worker = .${name}),`).join('\n    ')}
    (name = "turns", worker = .turns),
    (name = "files", worker = .files),
    (name = "outbound", external = (address = "127.0.0.1:${proxyPort}", http = (style = proxy))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "turns")],
);
${isolateNames.map(isolate).join('\n')}

const turns :Workerd.Worker = (
  modules = [(name = "turns.mjs", esModule = ${text(takingTurns(isolates))})],
  compatibilityDate = "${file.compatibility_date}",
  bindings = [${isolateNames.map((name) => `(name = "${name}", service = "${name}")`).join(', ')}],
);

const files :Workerd.Worker = (
  modules = [(name = "files.mjs", esModule = ${text(servingFiles)})],
  compatibilityDate = "${file.compatibility_date}",
);
`
}
