// Moving about: the address, the title, the focus.
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { agent } from './mock-servers.ts'
import { openApp } from './render-app.tsx'

test('after a navigation the heading of the new page has the focus', async () => {
  agent.signIn('alice')
  const { user } = openApp('/')
  await user.click(await screen.findByRole('link', { name: 'Orders' }))
  const heading = await screen.findByRole('heading', { level: 1, name: 'Your orders' })
  expect(document.activeElement).toBe(heading)
})

test('on the first page the focus stays where the browser puts it', async () => {
  openApp('/profile')
  await screen.findByRole('heading', { level: 1, name: 'Profile' })
  expect(document.activeElement).toBe(document.body)
})

test('a path that leads nowhere says so and leads home', async () => {
  const { user } = openApp('/orderz')
  await screen.findByRole('heading', { level: 1, name: 'This page is not on the map' })
  await user.click(screen.getByRole('link', { name: 'Back to the start' }))
  expect(location.pathname).toBe('/')
})

test('who opens the callback page without a sign-in is offered one', async () => {
  openApp('/callback')
  expect(await screen.findByRole('heading', { name: 'Sign in to see this page' })).toBeDefined()
  expect(agent.calls('endLogin')).toEqual([])
})
