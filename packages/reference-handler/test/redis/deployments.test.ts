// Every way to say where the store is, with real servers: TLS by an authority of one's own, users, sentinels, a cluster.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { connectRedis } from '../../src/redis/index.ts'
import type { SharedStore } from '../../src/redis/index.ts'
import { createSignedCertificate } from '../support/certificates.ts'
import { startCommand } from '../support/command.ts'
import { noLog } from '../support/no-log.ts'
import { findObstacle, runClient, startRedis, startSentinel } from './redis-server.ts'
import type { RedisServer } from './redis-server.ts'
import { environment } from './serve-environment.ts'

const PASSWORD = 'the-password'

/** Elections and heartbeats between servers take their time, and a busy machine more. */
const ELECTION = { timeout: 60_000, interval: 50 }

async function connect(url: string): Promise<SharedStore> {
  const store = await connectRedis({ url, prefix: 'th:' }, noLog)
  onTestFinished(() => store.close())
  return store
}

async function start(...parameters: Parameters<typeof startRedis>): Promise<RedisServer> {
  const server = await startRedis(...parameters)
  onTestFinished(server.stop)
  return server
}

const lock = (owner: string) => ({ owner, lockedFor: 60_000 })

/** Goes through all that a handler does with its store, with names in so many slots. */
async function useAll(store: SharedStore, slots: number): Promise<void> {
  const numbers = Array.from({ length: slots }, (_, index) => index)
  const names = (index: number) => [1, 2].map((secret) => `{${index}}:refresh:${secret}`)
  for (const index of numbers) {
    const begin = () => store.refreshes.begin(names(index), lock('a'))
    await expect.poll(begin, ELECTION).toEqual({ kind: 'acquired' })
    const outcome = { kind: 'result', value: `${index}`, keptFor: 60_000 } as const
    expect(await store.refreshes.finish(names(index), 'a', outcome)).toBe(false)
    const result = { kind: 'result', value: `${index}` }
    expect(await store.refreshes.begin(names(index), lock('b'))).toEqual(result)
    await store.sessions.put(`{${index}}:session`, `session ${index}`, 60_000)
    expect(await store.sessions.get(`{${index}}:session`)).toBe(`session ${index}`)
    expect(await store.rates.take(`rate ${index}`, 1)).toBe(0)
    expect(await store.rates.take(`rate ${index}`, 1)).toBeGreaterThan(0)
  }
  const heard: string[] = []
  onTestFinished(store.endings.follow((entry) => heard.push(entry)))
  const marks = numbers.map((index) => `{${index}}:ended`)
  await store.endings.publish('sealed', marks, 1234, 60_000)
  await expect.poll(() => heard).toEqual(['sealed'])
  expect(await store.endings.find(marks)).toBe(1234)
  expect(await store.endings.once(marks, 60_000)).toBe(false)
}

describe.skipIf(findObstacle() !== undefined)('the store is', () => {
  describe('a server with TLS, whose certificate an authority of one’s own has signed', () => {
    let files: ReturnType<typeof createSignedCertificate>
    beforeAll(() => {
      files = createSignedCertificate()
    })

    const startTls = () =>
      start(
        (port) =>
          `--port 0 --tls-port ${port} --tls-auth-clients no --requirepass ${PASSWORD} ` +
          `--tls-cert-file ${files.certificateFile} --tls-key-file ${files.keyFile} ` +
          `--tls-ca-cert-file ${files.authorityFile}`,
      )

    function serve(settings: Readonly<Record<string, string>>) {
      const command = startCommand(['serve', '--port', '0'], { ...environment, ...settings })
      onTestFinished(command.stop)
      return command
    }

    it.each([
      ['rediss', 'redis.password in a file'],
      ['valkeys', 'the URL in a file'],
    ])('%s://, with %s: serve starts and is ready', async (scheme, place) => {
      const { port } = await startTls()
      const folder = mkdtempSync(join(tmpdir(), 'token-handler-secret-'))
      const write = (text: string) => {
        writeFileSync(join(folder, 'secret'), `${text}\n`)
        return join(folder, 'secret')
      }
      const { printed } = serve({
        NODE_EXTRA_CA_CERTS: files.authorityFile,
        ...(place === 'the URL in a file'
          ? {
              TOKEN_HANDLER_REDIS_URL_FILE: write(`${scheme}://:${PASSWORD}@localhost:${port}/1`),
            }
          : {
              TOKEN_HANDLER_REDIS_URL: `${scheme}://localhost:${port}`,
              TOKEN_HANDLER_REDIS_PASSWORD_FILE: write(PASSWORD),
            }),
      })
      const address = await printed(/http:\/\/127\.0\.0\.1:\d+/)
      const ready = async () => (await fetch(`${address}/ready`)).json()
      await expect.poll(ready).toEqual({ status: 'ok', store: 'ok' })
    })

    it.each([
      ['nobody trusts the authority', false, 'localhost', /not trusted.*NODE_EXTRA_CA_CERTS/],
      ['the certificate is for another name', true, '127.0.0.1', /for another host/],
    ])('%s: serve says so, and does not start', async (_, trusts, host, message) => {
      const { port } = await startTls()
      const { ended } = serve({
        ...(trusts && { NODE_EXTRA_CA_CERTS: files.authorityFile }),
        TOKEN_HANDLER_REDIS_URL: `rediss://:${PASSWORD}@${host}:${port}`,
      })
      const { code, stderr, stdout } = await ended
      expect(stderr).toMatch(message)
      expect(code).toBe(1)
      expect(stderr + stdout).not.toContain(PASSWORD)
    })

    it('asked without TLS, or the other way round: the start says so', async () => {
      const [secure, plain] = [await startTls(), await start()]
      await expect(connect(`redis://localhost:${secure.port}`)).rejects.toThrow(/rediss:\/\//)
      await expect(connect(`rediss://localhost:${plain.port}`)).rejects.toThrow(
        /where the server has no TLS/,
      )
    })
  })

  it('valkey://, with a user who may do what is needed, a password to encode, and a database', async () => {
    const rules = 'handler on >p@ss:word ~th:* +@all -@dangerous +info'
    const server = await start(`--user ${rules}`)
    const store = await connect(`valkey://handler:p%40ss%3Aword@127.0.0.1:${server.port}/3`)
    await useAll(store, 2)
    expect(server.command('-n', '3', 'exists', 'th:{1}:session')).toBe('1')
  })

  it('a user who may not do what is needed stops the start', async () => {
    const server = await start('--user handler on >word ~th:* +ping')
    const url = `redis://handler:word@127.0.0.1:${server.port}`
    await expect(connect(url)).rejects.toThrow(/may not do this/)
  })

  describe('behind sentinels', () => {
    async function startGroup() {
      const passwords = `--requirepass ${PASSWORD} --masterauth ${PASSWORD}`
      const master = await start(passwords)
      const replica = await start(`${passwords} --replicaof 127.0.0.1 ${master.port}`)
      const sentinels = await Promise.all(
        Array.from({ length: 3 }, () =>
          startSentinel([
            `sentinel monitor main 127.0.0.1 ${master.port} 2`,
            `sentinel auth-pass main ${PASSWORD}`,
            'sentinel down-after-milliseconds main 500',
            'sentinel failover-timeout main 2000',
          ]),
        ),
      )
      sentinels.forEach(({ stop }) => onTestFinished(stop))
      const nodes = sentinels.map(({ port }) => `127.0.0.1:${port}`).join()
      // Without these a failover has nobody to elect.
      const know = ({ command }: RedisServer) => command('sentinel', 'master', 'main')
      for (const sentinel of sentinels) {
        await expect.poll(() => know(sentinel), ELECTION).toMatch(/num-slaves\n1\n/)
        await expect.poll(() => know(sentinel), ELECTION).toMatch(/num-other-sentinels\n2\n/)
      }
      return { master, replica, sentinels, url: `redis+sentinel://:${PASSWORD}@${nodes}/main/0` }
    }

    it.each<[string, (master: RedisServer) => unknown]>([
      ['dies', (master) => master.kill()],
      ['hangs', (master) => master.signal('SIGSTOP')],
    ])(
      'a master that %s has a successor, which is found by itself',
      async (_, fell) => {
        const { master, replica, url } = await startGroup()
        const store = await connect(url)
        await useAll(store, 2)
        await fell(master)
        const role = () => replica.command('-a', PASSWORD, '--no-auth-warning', 'role')
        await expect.poll(role, ELECTION).toMatch(/^master/)
        await expect.poll(() => store.check(), ELECTION).toBeUndefined()
        const begin = () => store.refreshes.begin(['{new}:refresh'], lock('a'))
        await expect
          .poll(() => begin().catch(() => undefined), ELECTION)
          .toEqual({
            kind: 'acquired',
          })
      },
      120_000,
    )

    it('sentinels that are not there, or do not know the group, stop the start', async () => {
      const { url } = await startGroup()
      const unknown = url.replace('/main', '/other')
      await expect(connect(unknown)).rejects.toThrow(/group that its sentinels do not know/)
      const nobody = 'redis+sentinel://127.0.0.1:1,127.0.0.1:2/main'
      await expect(connect(nobody)).rejects.toThrow(/sentinels that cannot be reached/)
    }, 120_000)
  })

  it('a cluster of three: all steps in all slots, also when one of them restarts', async () => {
    const nodes = await Promise.all(
      Array.from({ length: 3 }, () => start('--cluster-enabled yes --cluster-node-timeout 1000')),
    )
    const places = nodes.map(({ port }) => `127.0.0.1:${port}`)
    runClient('--cluster', 'create', ...places, '--cluster-yes')
    const [first] = nodes
    await expect.poll(() => first?.command('cluster', 'info')).toMatch(/cluster_state:ok/)
    const store = await connect(`redis+cluster://${places.join()}`)
    await useAll(store, 30)
    const keys = nodes.map(({ command }) => Number(command('dbsize')))
    expect(Math.min(...keys)).toBeGreaterThan(0)

    await first?.kill()
    const beginAll = () =>
      Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          store.refreshes
            .begin([`{${index}}:other`], lock('a'))
            .then(({ kind }) => kind)
            .catch(() => 'failed'),
        ),
      )
    await expect.poll(beginAll, ELECTION).toContain('failed')
    await first?.start()
    await expect
      .poll(async () => new Set(await beginAll()), ELECTION)
      .toEqual(new Set(['acquired']))
  }, 120_000)

  it('a cluster that is not there, or is none, or is taken for one server, stops the start', async () => {
    const nobody = connect('redis+cluster://127.0.0.1:1,127.0.0.1:2')
    await expect(nobody).rejects.toThrow(/no node can be reached/)
    const single = await start()
    const none = connect(`redis+cluster://127.0.0.1:${single.port}`)
    await expect(none).rejects.toThrow(/no cluster/)
    const node = await start('--cluster-enabled yes')
    await expect(connect(node.url)).rejects.toThrow(/node of a cluster/)
  })

  it('a replica stops the start', async () => {
    const master = await start()
    const replica = await start(`--replicaof 127.0.0.1 ${master.port}`)
    await expect.poll(() => replica.command('role'), ELECTION).toMatch(/connected/)
    await expect(connect(replica.url)).rejects.toThrow(/takes no writes/)
  })
})
