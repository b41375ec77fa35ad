// The msw adapter in Node, with msw 3.
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { testVisit } from './support/msw-visit.ts'

testVisit((handlers) => {
  const other = http.get('https://other.example/', () => HttpResponse.text('other'))
  const server = setupServer(...handlers, other)
  server.listen({ onUnhandledFrame: 'error' })
  return server
})
