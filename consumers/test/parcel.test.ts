// An app with the packages, built by Parcel.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createConsumer, pick, readGuide } from '../src/consumer.ts'
import type { Files } from '../src/consumer.ts'

const page = '<!doctype html><title>App</title><script type="module" src="main.js"></script>'

/** Builds the page, and gives what was built, or what Parcel complains about. */
async function build(name: string, files: Files): Promise<string> {
  const consumer = await createConsumer(`parcel/${name}`, { 'index.html': page, ...files })
  const parameters = ['build', 'index.html', '--no-cache', '--no-source-maps']
  const { code, output } = await consumer.run('parcel/lib/bin.js', parameters)
  if (code !== 0) return output
  const folder = join(consumer.folder, 'dist')
  const scripts = (await readdir(folder)).filter((file) => file.endsWith('.js'))
  return (await Promise.all(scripts.map((file) => readFile(join(folder, file), 'utf8')))).join('\n')
}

test('Parcel finds the client without a setting', async () => {
  const built = await build('client', {
    'main.js': `import { createTokenHandlerClient } from '@token-handler/client'
document.title = createTokenHandlerClient({ agentUrl: '/a', apiUrls: [] }).getSnapshot().status`,
  })
  expect(built).toContain('token-handler-version')
})

test('Parcel finds entries below a package with the setting of the guide', async () => {
  const guide = await readGuide('tools.md')
  const built = await build('entries', {
    'package.json': pick(guide, 'parcel/package.json')['parcel/package.json'] ?? '',
    'main.js': `import { createTokenHandlerClient } from '@token-handler/client'
import { createSilentLogin } from '@token-handler/client/silent-login'
createSilentLogin(createTokenHandlerClient({ agentUrl: '/a', apiUrls: [] }))`,
  })
  expect(built).toContain('silentLogin')
})
