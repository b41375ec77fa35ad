// Orders: reading, placing, and what happens when something does not answer.
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { agent, api } from './mock-servers.ts'
import { completeLogin, openApp } from './render-app.tsx'

const orderNames = (): (string | null)[] =>
  within(screen.getByRole('list', { name: 'Orders' }))
    .getAllByRole('link')
    .map((link) => link.textContent)

test('a customer sees her orders, newest first', async () => {
  agent.signIn('alice')
  openApp('/orders')
  expect(await screen.findByRole('list', { name: 'Orders' })).toBeDefined()
  expect(orderNames()).toEqual(['First Light', 'Grinder'])
  expect(document.title).toBe('Your orders · Nordlicht Coffee')
})

test('a customer without orders is invited to place one', async () => {
  agent.signIn('bob')
  openApp('/orders')
  expect(await screen.findByRole('heading', { name: 'No orders yet' })).toBeDefined()
})

test('a new order shows as being sent, then as ordered', async () => {
  agent.signIn('alice')
  const { user } = openApp('/orders')
  await screen.findByRole('list', { name: 'Orders' })
  await user.selectOptions(screen.getByLabelText('Coffee'), 'Polar Night')
  await user.clear(screen.getByLabelText('Bags'))
  await user.type(screen.getByLabelText('Bags'), '3')
  await user.click(screen.getByRole('button', { name: 'Place order' }))
  expect(await screen.findByText('Thank you: 3 bags of Polar Night.')).toBeDefined()
  expect(orderNames()).toEqual(['Polar Night', 'First Light', 'Grinder'])
  expect(screen.queryByText(/being sent/)).toBeNull()
})

test('a form with mistakes is not sent, and the first mistake has the focus', async () => {
  agent.signIn('alice')
  const { user } = openApp('/orders')
  await user.clear(await screen.findByLabelText('Bags'))
  await user.click(screen.getByRole('button', { name: 'Place order' }))
  const coffee = screen.getByRole('combobox', { name: 'Coffee', description: 'Choose a coffee.' })
  expect(document.activeElement).toBe(coffee)
  expect(screen.getByText('Order at least one bag.')).toBeDefined()
  expect(api.orders).toHaveLength(2)
})

test('an expired access token is refreshed without anybody noticing', async () => {
  agent.signIn('alice')
  agent.expireAccessToken()
  openApp('/orders')
  expect(await screen.findByText('First Light')).toBeDefined()
  expect(agent.calls('refresh')).toHaveLength(1)
})

test('an order is placed once, also when the access token expired before', async () => {
  agent.signIn('alice')
  const { user } = openApp('/orders')
  await user.selectOptions(await screen.findByLabelText('Coffee'), 'Drift Ice')
  agent.expireAccessToken()
  await user.click(screen.getByRole('button', { name: 'Place order' }))
  expect(await screen.findByText('Thank you: 1 bag of Drift Ice.')).toBeDefined()
  expect(api.orders).toHaveLength(3)
  expect(agent.calls('refresh')).toHaveLength(1)
})

test('an API that is down is said to be, and works again after trying again', async () => {
  agent.signIn('alice')
  api.mood = 'down'
  const { user } = openApp('/orders')
  expect(await screen.findByRole('heading', { name: 'We cannot reach your orders' })).toBeDefined()
  api.mood = 'fine'
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('First Light')).toBeDefined()
})

test('a session that has ended brings the sign-in, with the way back to this page', async () => {
  agent.signIn('alice')
  agent.expireSession()
  const { user, departures } = openApp('/orders/1002')
  expect(await screen.findByRole('heading', { name: 'Your session has ended' })).toBeDefined()
  await user.click(within(screen.getByRole('main')).getByRole('button', { name: 'Sign in' }))
  await waitFor(() => expect(departures).toHaveLength(1))
  completeLogin(departures, { user: 'alice' })
  await waitFor(() => expect(location.pathname).toBe('/orders/1002'))
})

test('while the sign-in service does not answer, the page stays and a banner says so', async () => {
  agent.signIn('alice')
  const { user } = openApp('/orders')
  await screen.findByText('First Light')
  agent.expireAccessToken()
  agent.failNext('refresh', { status: 503, code: 'temporarily_unavailable' })
  await user.selectOptions(screen.getByLabelText('Coffee'), 'Drift Ice')
  await user.click(screen.getByRole('button', { name: 'Place order' }))
  const banner = 'We cannot reach the sign-in service; you can keep working.'
  expect(await screen.findByText(banner)).toBeDefined()
  expect(screen.getByText('First Light')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Check again' }))
  await waitFor(() => expect(screen.queryByText(banner)).toBeNull())
})

test('an order that does not exist is said not to', async () => {
  agent.signIn('alice')
  openApp('/orders/9999')
  expect(await screen.findByRole('heading', { name: 'There is no such order' })).toBeDefined()
})
