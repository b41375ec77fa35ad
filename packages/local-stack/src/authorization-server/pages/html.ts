// Markup that cannot be built without escaping what is put into it.

/** Finished markup: whatever was put into it has been escaped. */
export interface Markup {
  readonly markup: string
}

/** What a template takes: text is escaped, markup is kept, `undefined` leaves nothing behind. */
export type Insertion = string | Markup | readonly Markup[] | undefined

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (found) => entities[found] ?? '')

function insert(value: Insertion): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return escape(value)
  return 'markup' in value ? value.markup : value.map(insert).join('')
}

/** Template tag for HTML. Attribute values must be quoted. */
export function html(strings: TemplateStringsArray, ...values: readonly Insertion[]): Markup {
  return { markup: String.raw({ raw: strings }, ...values.map(insert)) }
}

/** Marks text as safe markup: it is inserted without escaping, and the caller vouches for it. */
export const trusted = (markup: string): Markup => ({ markup })
