// @vitest-environment node
// What is rendered where there is no browser at all: on a server, and when static pages are built.
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createTokenHandlerClient } from '@token-handler/client'
import { TokenHandlerProvider, useSuspenseSession } from '@token-handler/react'
import type { RegisteredClient } from '@token-handler/react'
import { Suspense } from 'react'
import type { ReactElement } from 'react'
import { renderToPipeableStream } from 'react-dom/server'
import { expect, test } from 'vitest'

const client: RegisteredClient = createTokenHandlerClient({
  agentUrl: 'https://api.example.com/oauth-agent',
  apiUrls: [],
}) as never

function Account(): ReactElement {
  return <p>{useSuspenseSession().status}</p>
}

async function build(): Promise<{ readonly html: string; readonly errors: readonly unknown[] }> {
  const errors: unknown[] = []
  const { pipe } = renderToPipeableStream(
    <TokenHandlerProvider client={client}>
      <Suspense fallback={<p>one moment</p>}>
        <Account />
      </Suspense>
    </TokenHandlerProvider>,
    { onError: (error) => void errors.push(error), onAllReady: () => void pipe(out) },
  )
  const out = new PassThrough()
  return { html: await text(out), errors }
}

test('without a session from the server a boundary is left to the browser, in the way that Next.js builds accept', async () => {
  const { html, errors } = await build()
  expect(html).toContain('<p>one moment</p>')
  expect(errors).toEqual([
    expect.objectContaining({
      digest: 'BAILOUT_TO_CLIENT_SIDE_RENDERING',
      message: expect.stringContaining('initialSession') as string,
    }),
  ])
})
