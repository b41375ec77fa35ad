// Looking for elements inside a page, by what users see of them. It runs in the page, so it refers to nothing outside.

/** A text, or the source and flags of a regular expression. */
export type Match = string | readonly [source: string, flags: string]

/** One step of the way to an element. */
export type Step =
  | { readonly by: 'role'; readonly role: string; readonly name?: Match | undefined }
  | { readonly by: 'label' | 'text'; readonly text: Match }
  | { readonly by: 'first' }

/** What can be said as JSON. */
export const matchOf = (text: string | RegExp): Match =>
  typeof text === 'string' ? text : [text.source, text.flags]

/** Finds the visible elements to which the steps lead. */
export function locate(steps: readonly Step[]): Element[] {
  const selectors: Readonly<Record<string, string>> = {
    alert: '[role=alert]',
    banner: 'body > * header, body > header',
    button: 'button, [role=button], input[type=submit]',
    heading: 'h1, h2, h3, h4, h5, h6',
    link: 'a[href]',
    list: 'ul, ol',
    listitem: 'li',
    main: 'main',
  }
  const textOf = (element: Element | null | undefined): string =>
    (element?.textContent ?? '').replaceAll(/\s+/g, ' ').trim()
  const nameOf = (element: Element): string =>
    element.getAttribute('aria-label') ??
    (element.hasAttribute('aria-labelledby')
      ? textOf(document.getElementById(element.getAttribute('aria-labelledby') ?? ''))
      : textOf(element))
  const matches = (text: string, match: Match | undefined): boolean => {
    if (match === undefined) return true
    if (typeof match !== 'string') return new RegExp(match[0], match[1]).test(text)
    return text.toLowerCase().includes(match.toLowerCase())
  }
  const isVisible = (element: Element): boolean =>
    element.getClientRects().length > 0 && element.checkVisibility({ visibilityProperty: true })

  const below = (root: ParentNode, step: Exclude<Step, { by: 'first' }>): Element[] => {
    if (step.by === 'role') {
      const found = [...root.querySelectorAll(selectors[step.role] ?? 'none')]
      return found.filter((element) => matches(nameOf(element), step.name))
    }
    if (step.by === 'label') {
      const labels = [...root.querySelectorAll('label')]
      const found = labels.filter((label) => matches(textOf(label), step.text))
      return found.flatMap((label) => (label.control === null ? [] : [label.control]))
    }
    const found = [...root.querySelectorAll('body *:not(script, style)')]
    return found
      .filter((element) => matches(textOf(element), step.text))
      .filter(
        (element) => ![...element.children].some((child) => matches(textOf(child), step.text)),
      )
  }
  let found: Element[] | undefined
  for (const step of steps) {
    const next: Element[] =
      step.by === 'first'
        ? (found ?? []).slice(0, 1)
        : (found ?? [document]).flatMap((root) => below(root, step))
    found = [...new Set(next)].filter(isVisible)
  }
  return found ?? []
}
