// Stands in for a page of the website that needs to know its user: asks for it again, or offers to sign in.
import { createClient } from './settings.ts'

const client = createClient()
const here = location.href.split('#', 1)[0] ?? ''
// Once: whoever is unknown to a request of this very page is not signed in.
const hasComeAgain = document.referrer === here
await client.load()
if (!hasComeAgain) {
  // A navigation of this site carries the cookies that one from another site does not; of the old session alone, too.
  location.replace(here)
} else {
  const button = document.createElement('button')
  button.textContent = 'Sign in'
  button.addEventListener('click', () => void client.login())
  document.body.replaceChildren(button)
}
