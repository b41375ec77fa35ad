// What `serve` says at its start about an authorization server, and that it serves all the same.
import { expect, test } from 'vitest'
import { startCommand } from '../../../reference-handler/test/support/command.ts'
import { onTestFinished } from 'vitest'
import { useStack } from './fixture.ts'

const { stack } = useStack()

function serve(issuer: string) {
  const { client, cookies, trustedOrigins } = stack().configuration
  const command = startCommand(['serve', '--port', '0'], {
    TOKEN_HANDLER_ISSUER: issuer,
    TOKEN_HANDLER_CLIENT_ID: client.id,
    TOKEN_HANDLER_CLIENT_SECRET: client.secret ?? '',
    TOKEN_HANDLER_REDIRECT_URI: client.redirectUri,
    TOKEN_HANDLER_COOKIE_SECRETS: cookies.secrets.join(','),
    TOKEN_HANDLER_TRUSTED_ORIGINS: trustedOrigins.join(','),
  })
  onTestFinished(command.stop)
  return command
}

test('a server that is down is a warning with its URL, and the handler serves', async () => {
  const { ended, printed, signal } = serve('http://login.idp.localhost:1')
  const address = await printed(/http:\/\/127\.0\.0\.1:\d+/)
  const line = await printed(/.*metadata_unreachable.*/)
  expect(JSON.parse(line)).toMatchObject({ level: 40, details: expect.stringContaining(':1/') })
  expect((await fetch(`${address}/health`)).status).toBe(200)
  signal('SIGTERM')
  expect((await ended).code).toBe(0)
})

test('a wrong issuer is an error with the mend', async () => {
  const { authorizationServer } = stack().urls
  const { printed } = serve(`${authorizationServer}/realms/x`)
  const line = JSON.parse(await printed(/.*metadata_status.*/)) as Record<string, unknown>
  expect(line).toMatchObject({ level: 50, mend: expect.stringContaining(authorizationServer) })
})

test('a right one is not spoken of', async () => {
  const { ended, printed, signal } = serve(stack().urls.authorizationServer)
  await printed(/http:\/\/127\.0\.0\.1:\d+/)
  signal('SIGTERM')
  expect((await ended).stdout).not.toContain('sign-ins will fail')
})
