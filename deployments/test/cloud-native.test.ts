// The files for containers and Kubernetes: objects that a cluster would take, and the command that an image would run.
import { execFile, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findProgram } from 'e2e/programs'
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap'
import { Secret } from 'kubernetes-models/v1/Secret'
import { Service } from 'kubernetes-models/v1/Service'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { expect, onTestFinished, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { findFreePort } from '../../packages/reference-handler/test/support/free-port.ts'

const folder = fileURLToPath(new URL('../cloud-native/', import.meta.url))
const run = promisify(execFile)

async function createFolder(): Promise<string> {
  const created = await mkdtemp(join(tmpdir(), 'cloud-native-'))
  onTestFinished(() => rm(created, { recursive: true, force: true }))
  return created
}

async function writeSecrets(secrets: string): Promise<void> {
  await mkdir(secrets, { recursive: true })
  for (const name of ['client-secret', 'cookie-secrets']) {
    await writeFile(join(secrets, name), `${randomBytes(48).toString('base64')}\n`)
  }
}

const models = { ConfigMap, Secret, Service, Deployment, NetworkPolicy, PodDisruptionBudget }

/** Base64 in lines, as kustomize writes it, is the same to a cluster; the schema has it in one. */
function oneLine<T extends { readonly kind: string; readonly data?: Record<string, string> }>(
  object: T,
): T {
  if (object.kind !== 'Secret') return object
  const entries = Object.entries(object.data ?? {})
  const data = entries.map(([name, value]) => [name, value.replaceAll('\n', '')])
  return { ...object, data: Object.fromEntries(data) as Record<string, string> }
}

const isKind = (kind: string): kind is keyof typeof models => kind in models

const label = { 'app.kubernetes.io/name': 'token-handler' }

// Debian's own is older than the words that the base needs, so a machine may be without one, wherever tests run.
const kubectl = findProgram('kubectl')
if (kubectl === undefined) process.stdout.write('skipped: there is no kubectl on this machine\n')

test.skipIf(kubectl === undefined)(
  'kustomize builds objects that their schemas accept, and that find each other',
  async () => {
    const copy = await createFolder()
    await cp(join(folder, 'kustomize'), copy, { recursive: true })
    await writeSecrets(join(copy, 'example/secrets'))
    const { stdout } = await run(kubectl ?? '', ['kustomize', join(copy, 'example')])
    const objects = parseAllDocuments(stdout).map((document) =>
      oneLine(document.toJS() as { readonly kind: string }),
    )
    expect(objects.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(models).toSorted())
    for (const object of objects) {
      if (!isKind(object.kind)) throw new Error(`A ${object.kind} is not expected.`)
      const Model = models[object.kind] as new (data: object) => { validate: () => void }
      expect(() => new Model(object).validate()).not.toThrow()
      // Types are looked at; unknown words are not, as in a cluster.
      expect(() => new Model({ ...object, metadata: 1 }).validate()).toThrow()
    }
    const find = (kind: string): unknown => objects.find((object) => object.kind === kind)
    const deployment = (find('Deployment') as Deployment).spec
    const pod = deployment?.template.spec
    const [container] = pod?.containers ?? []
    expect(deployment?.selector.matchLabels).toEqual(label)
    expect(deployment?.template.metadata?.labels).toEqual(label)
    expect((find('Service') as Service).spec?.selector).toEqual(label)
    const policy = (find('NetworkPolicy') as NetworkPolicy).spec
    expect(policy?.podSelector?.matchLabels).toEqual(label)
    const budget = (find('PodDisruptionBudget') as PodDisruptionBudget).spec
    expect(budget?.selector?.matchLabels).toEqual(label)
    // Several instances share a store, and reach it; a node can be drained.
    expect(deployment?.replicas).toBe(2)
    expect(budget?.minAvailable).toBe(1)
    const store = new URL((find('ConfigMap') as ConfigMap).data?.['TOKEN_HANDLER_REDIS_URL'] ?? '')
    expect(store.protocol).toBe('rediss:')
    expect(policy?.egress).toContainEqual({
      to: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'redis' } } }],
      ports: [{ protocol: 'TCP', port: Number(store.port) }],
    })
    expect(pod?.enableServiceLinks).toBe(false)
    expect(pod?.automountServiceAccountToken).toBe(false)
    expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10001 })
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    const paths = ['readinessProbe', 'livenessProbe', 'startupProbe'] as const
    expect(paths.map((probe) => container?.[probe]?.httpGet?.path)).toEqual([
      '/ready',
      '/health',
      '/health',
    ])
    // New settings and secrets have new names, so that pods with the old ones are replaced.
    const names = stdout.match(/token-handler-(?:settings|secrets)-[a-z\d]{10}/g) ?? []
    expect(new Set(names).size).toBe(2)
    expect(names).toHaveLength(4)
    // The pause, the default of server.drainFor, and two seconds fit.
    expect(pod?.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(5 + 10 + 2)
  },
)

test.skipIf(kubectl === undefined)(
  'the base, which has no store, is one instance, and nothing keeps a node from being drained',
  async () => {
    const { stdout } = await run(kubectl ?? '', ['kustomize', join(folder, 'kustomize/base')])
    const objects = parseAllDocuments(stdout).map(
      (document) => document.toJS() as { readonly kind: string; readonly spec: unknown },
    )
    const kinds = objects.map(({ kind }) => kind)
    expect(kinds.toSorted()).toEqual(['Deployment', 'NetworkPolicy', 'Service'])
    expect(objects[kinds.indexOf('Deployment')]?.spec).toMatchObject({ replicas: 1 })
    expect(stdout).not.toContain('REDIS')
  },
)

test('compose runs the image as the cluster does: read-only, without privileges, secrets from files', async () => {
  const { services, secrets } = parse(await readFile(join(folder, 'compose.yaml'), 'utf8')) as {
    readonly services: Record<string, Record<string, unknown>>
    readonly secrets: Record<string, unknown>
  }
  expect(services['token-handler']).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    env_file: 'settings.env',
    secrets: Object.keys(secrets),
  })
})

/** What an instruction of the Dockerfile runs. */
function commandOf(dockerfile: string, instruction: string): readonly string[] {
  const text = dockerfile.replaceAll('\\\n', ' ')
  const pattern = new RegExp(`^${instruction}\\b[^[]*(\\[.*\\])$`, 'm')
  return JSON.parse(pattern.exec(text)?.[1] ?? '[]') as readonly string[]
}

test('the command of the image starts with the settings of the example, and its health check passes', async () => {
  const dockerfile = await readFile(join(folder, 'Dockerfile'), 'utf8')
  expect(dockerfile).toMatch(/^USER 10001:10001$/m)
  const [program, entry] = commandOf(dockerfile, 'ENTRYPOINT')
  expect([program, entry]).toEqual(['node', 'dist/cli/main.js'])
  const secrets = await createFolder()
  await writeSecrets(secrets)
  const lines = (await readFile(join(folder, 'settings.env'), 'utf8')).trim().split('\n')
  const settings = lines.map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)])
  const port = await findFreePort()
  const sources = fileURLToPath(new URL('../../packages/reference-handler/src/', import.meta.url))
  const child = spawn(
    process.execPath,
    [
      '--conditions=@token-handler/source',
      join(sources, 'cli/main.ts'),
      ...commandOf(dockerfile, 'CMD'),
    ],
    {
      // Nothing else, as in a container.
      env: {
        ...(Object.fromEntries(settings) as Record<string, string>),
        TOKEN_HANDLER_PORT: String(port),
        TOKEN_HANDLER_CLIENT_SECRET_FILE: join(secrets, 'client-secret'),
        TOKEN_HANDLER_COOKIE_SECRETS_FILE: join(secrets, 'cookie-secrets'),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  child.stdout.resume()
  const ended = new Promise((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const [, ...check] = commandOf(dockerfile, 'HEALTHCHECK[^\\n]*?CMD')
  const parameters = check.map((text) => text.replace(':3000/', `:${port}/`))
  expect(parameters.join(' ')).toContain(`:${port}/health`)
  await expect
    .poll(() =>
      run(process.execPath, parameters).then(
        () => 'healthy',
        () => 'not yet',
      ),
    )
    .toBe('healthy')
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  // And it says no when nothing listens.
  await expect(run(process.execPath, parameters)).rejects.toThrow()
})
