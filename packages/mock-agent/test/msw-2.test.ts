// The msw adapter in Node, with msw 2.
import { http, HttpResponse } from 'msw2'
import type { RequestHandler } from 'msw2'
import { setupServer } from 'msw2/node'
import { expect, test, vi } from 'vitest'
import { testVisit } from './support/msw-visit.ts'

// The adapter finds the msw that is installed beside it: here that is to be msw 2.
vi.mock('msw', () => import('msw2'))

test('the adapter has found msw 2', async () => {
  expect((await import('msw')).http).toBe(http)
})

testVisit((handlers) => {
  const other = http.get('https://other.example/', () => HttpResponse.text('other'))
  const server = setupServer(...(handlers as unknown as RequestHandler[]), other)
  server.listen({ onUnhandledRequest: 'error' })
  return server
})
