import { test, expect } from 'vitest'
import { createPerson, launchBoundBrowser } from '../src/device-binding/browser.ts'
import { startDeviceBindingWorld } from '../src/device-binding/world.ts'
test('x', async () => {
  const world = await startDeviceBindingWorld()
  const browser = await launchBoundBrowser(world)
  const context = await browser.newContext()
  const p = await createPerson(world, context)
  const cdp = await context.newCDPSession(p.page)
  await cdp.send('Network.enable'); 
  await (cdp as any).send('Network.enableDeviceBoundSessions', {enable: true})
  for (const e of ['Network.deviceBoundSessionsAdded','Network.deviceBoundSessionEventOccurred']) (cdp as any).on(e, (x: any) => console.log(e, JSON.stringify(x).slice(0, 700)))
  const ask = () => p.page.evaluate(() => window.tokenHandler.session())
  await p.signInBound('alice')
  console.log(JSON.stringify(await ask()).slice(0,200))
  console.log('BOB')
  await p.signInBound('bob')
  console.log(JSON.stringify(await ask()).slice(0,200))
  const n = world.log.length, m = world.exchanges().length
  await p.expireProof()
  console.log(JSON.stringify(await ask()).slice(0,200))
  console.log(world.exchanges().slice(m).map(e => `${e.method} ${e.url} ${e.status} ${e.setCookies.map(c=>c.slice(0,30))} ${e.readBody().slice(0,120)}`).join('\n'))
  console.log(world.log.slice(n).join('').slice(0,5000))
  await browser.close(); await world.stop()
})
