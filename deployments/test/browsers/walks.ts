// Every design, walked as a user does: sign-in, API, expired access token, sign-out; what it stores, sends and costs.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { designs } from '../../designs/index.ts'
import { walk } from '../../src/walk.ts'
import { newContext, present, startScene } from './support.ts'
import type { Scene } from './support.ts'

describe.each(designs)('a walk through $name', (design) => {
  let scene: Scene
  beforeAll(async () => {
    scene = await startScene(design)
  })
  afterAll(() => scene?.stop())

  test.each(present.map(({ name }) => name))('in %s', async (name) => {
    const context = await newContext(name)
    const seen = await walk(design, scene.stage, context)
    expect(seen.costs).toEqual(design.costs)
    const attributes = { httpOnly: true, secure: true, sameSite: 'Strict', path: '/' }
    const prefix = design.tenants[0]?.prefix ?? '__Host-Http-th'
    const ours = seen.cookies.filter((cookie) => cookie.name.startsWith(prefix))
    const expected = [`${prefix}-at`, `${prefix}-session`]
    expect(ours.map((cookie) => cookie.name).toSorted()).toEqual(expected)
    for (const cookie of ours) expect(cookie).toMatchObject(attributes)
    expect(seen.strayCookies).toEqual([])
    expect(seen.refreshes).toBe(1)
    expect(seen.cookiesAfterwards).toBe(0)
    expect(scene.stage.secrets().size).toBeGreaterThan(8)
    await context.close()
  })
})
