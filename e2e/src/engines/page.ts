// A page for the tests, made of the little that a driver has to be able to do.
import type { Locator, Page } from './engine.ts'
import { locate, matchOf } from './locate.ts'
import type { Step } from './locate.ts'
import { until } from './until.ts'

/** What a driver can do with a tab. */
export interface Tab {
  readonly navigate: (url: string) => Promise<void>
  readonly reload: () => Promise<void>
  readonly traverseBack: () => Promise<void>
  /**
   * Runs a function in the page.
   *
   * @param source - of the function
   * @param argument - JSON
   * @returns what it returns or resolves with, as JSON
   * @throws what it throws, and when the page goes away in between
   */
  readonly call: (source: string, argument: unknown) => Promise<unknown>
  /** Clicks the element that a function in the page finds; `false` if it finds none. */
  readonly click: (source: string, argument: unknown) => Promise<boolean>
  readonly close: () => Promise<void>
}

/** Runs in the page: sets a field as if by hand, for frameworks that watch its property. */
function setField(element: Element | undefined, field: 'value' | 'selectedIndex', value: unknown) {
  if (element === undefined) return undefined
  Reflect.set(Object.getPrototypeOf(element) as object, field, value, element)
  element.dispatchEvent(new Event('input', { bubbles: true }))
  element.dispatchEvent(new Event('change', { bubbles: true }))
  return true
}

const locateFirst = `(steps) => (${String(locate)})(steps).find((element) => !element.disabled) ?? null`

/** Makes a page of a tab. */
export function createPage(tab: Tab): Page {
  /** Runs an expression about `found`, the elements to which the steps lead. */
  const ask = <T>(steps: readonly Step[], expression: string): Promise<T | undefined> =>
    tab.call(
      `(steps) => { const found = (${String(locate)})(steps); return ${expression} }`,
      steps,
    ) as Promise<T | undefined>
  const describe = (steps: readonly Step[]): string => JSON.stringify(steps)

  const locator = (steps: readonly Step[]): Locator => ({
    ...finder(steps),
    first: () => locator([...steps, { by: 'first' }]),
    async click() {
      await until(`a click on ${describe(steps)}`, async () =>
        (await tab.click(locateFirst, steps)) ? true : undefined,
      )
    },
    async fill(value) {
      const text = JSON.stringify(value)
      await until(`a field ${describe(steps)}`, () =>
        ask(steps, `(${String(setField)})(found[0], 'value', ${text})`),
      )
    },
    async selectOption({ index }) {
      await until(`a choice ${describe(steps)}`, () =>
        ask(steps, `(${String(setField)})(found[0], 'selectedIndex', ${index})`),
      )
    },
    async waitFor() {
      await until(describe(steps), () => ask(steps, 'found.length > 0 || undefined'))
    },
    count: async () => (await ask<number>(steps, 'found.length')) ?? 0,
    isVisible: async () => (await ask<boolean>(steps, 'found.length > 0')) ?? false,
    innerText: () => until(describe(steps), () => ask<string>(steps, 'found[0]?.innerText')),
  })

  const finder = (
    steps: readonly Step[],
  ): Pick<Locator, 'getByRole' | 'getByLabel' | 'getByText'> => ({
    getByRole: (role, { name } = {}) =>
      locator([...steps, { by: 'role', role, ...(name !== undefined && { name: matchOf(name) }) }]),
    getByLabel: (text) => locator([...steps, { by: 'label', text: matchOf(text) }]),
    getByText: (text) => locator([...steps, { by: 'text', text: matchOf(text) }]),
  })

  return {
    ...finder([]),
    goto: tab.navigate,
    reload: tab.reload,
    traverseBack: tab.traverseBack,
    close: tab.close,
    async waitForURL(isThere) {
      await until('another URL', async () => {
        const url = String(await tab.call('() => location.href', null))
        return isThere(new URL(url)) ? true : undefined
      })
    },
    evaluate: <Result>(run: unknown, argument: unknown = null) =>
      tab.call(String(run), argument) as Promise<Result>,
  }
}
