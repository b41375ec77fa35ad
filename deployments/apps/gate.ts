// Stands in for a page of the website that needs a user: finds out who it is, and loads it again or offers to sign in.
import { createClient } from './settings.ts'

const client = createClient()
const { session } = await client.load()
if (session.status === 'authenticated') {
  // A navigation of this site carries the cookies that one from another site does not.
  location.replace(location.href)
} else {
  const button = document.createElement('button')
  button.textContent = 'Sign in'
  button.addEventListener('click', () => void client.login())
  document.body.replaceChildren(button)
}
