import { tokenHandler } from './token-handler.ts'

const root = document.getElementById('root')!

function button(label: string, action: () => Promise<unknown>): HTMLButtonElement {
  const element = document.createElement('button')
  element.textContent = label
  element.onclick = () => void action().catch(showProblem)
  return element
}

function showProblem(error: unknown): void {
  const line = document.createElement('p')
  line.role = 'alert'
  line.textContent = error instanceof Error ? error.message : 'Failed'
  root.append(line)
}

function render(): void {
  const session = tokenHandler.getSnapshot()
  const title = document.createElement('h1')
  if (session.status === 'authenticated') {
    title.textContent = `Hello ${String(session.claims.name)}`
    const orders = document.createElement('pre')
    const loadOrders = async () => {
      const response = await tokenHandler.fetch('/api/orders')
      orders.textContent = await response.text()
    }
    root.replaceChildren(
      title,
      button('Load my orders', loadOrders),
      button('Sign out', () => tokenHandler.logout()),
      orders,
    )
    return
  }
  title.textContent = session.status === 'loading' ? 'One moment…' : 'Orders'
  root.replaceChildren(
    title,
    button('Sign in', () => tokenHandler.login()),
  )
  if (session.status === 'error') showProblem(session.error)
}

tokenHandler.subscribe(render)
render()
const { returnTo } = await tokenHandler.load()
if (returnTo !== undefined) history.replaceState(null, '', returnTo)
