// The agent and the orders API of a test file: msw hands them every request, and the network none.
import { mswHandlers } from '@token-handler/mock-agent/msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { createShop } from './shop.ts'

const shop = createShop()
export const { agent, api } = shop

const server = setupServer(...mswHandlers(agent))
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterAll(() => server.close())
afterEach(shop.reset)
