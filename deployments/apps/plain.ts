// An app in plain TypeScript.
import { countOrders, createClient, goTo, settings } from './settings.ts'

const client = createClient()

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  text: string,
  onClick?: () => void,
): HTMLElementTagNameMap[K] {
  const created = document.createElement(name)
  created.textContent = text
  if (onClick) created.addEventListener('click', onClick)
  return created
}

const orders = element('p', '')

async function showOrders(): Promise<void> {
  orders.textContent = 'One moment…'
  orders.textContent = await countOrders(client).catch((error: unknown) => String(error))
}

function render(): void {
  const session = client.getSnapshot()
  const links = settings.links.map(({ name, url }) => {
    const link = element('a', name)
    link.href = url
    return link
  })
  const controls =
    session.status === 'authenticated'
      ? [
          element('p', `Signed in as ${String(session.claims['name'])}`),
          element('button', 'Show orders', () => void showOrders()),
          element('button', 'Sign out', () => void client.logout()),
          orders,
        ]
      : session.status === 'unauthenticated'
        ? [element('p', 'Signed out'), element('button', 'Sign in', () => void client.login())]
        : [element('p', session.status === 'error' ? session.error.message : 'One moment…')]
  const main = document.createElement('main')
  main.append(element('h1', settings.name), ...controls, ...links)
  document.body.replaceChildren(main)
}

client.subscribe(render)
render()
const { returnTo } = await client.load()
if (returnTo !== undefined) goTo(returnTo)
