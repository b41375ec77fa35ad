// Cookies that nobody sealed: made of one that somebody did.

/** A generator of numbers that is the same for the same seed. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const ODD = `.=+/"%,: !~\u00e9${ALPHABET}`

/** Long texts of random characters, to be cut from: to make each character anew would take longer than to send it. */
function createNoise(from: string): string {
  const random = createRandom(1)
  return Array.from({ length: 100_000 }, () => from[random(from.length)]).join('')
}
const [plainNoise, oddNoise] = [createNoise(ALPHABET), createNoise(ODD)]

/**
 * Whether two cookies are the same bytes, whatever the bits are that base64url leaves unused. Of the header it is the
 * text that is authenticated, and not the bytes.
 */
export function isSameCookie(one: string, other: string): boolean {
  // As almost all.
  if (one.length !== other.length) return false
  const [parts, others] = [one.split('.'), other.split('.')]
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  return (
    !/[^\w.-]/.test(other) &&
    parts.length === others.length &&
    parts[0] === others[0] &&
    parts.every((part, index) => {
      const same = others[index] ?? ''
      return part.length === same.length && bytes(part).equals(bytes(same))
    })
  )
}

/**
 * Breaks a cookie in one of many ways.
 *
 * @param sealed - several, whose parts get mixed
 */
export function breakCookie(sealed: readonly string[], random: (below: number) => number): string {
  const pick = <Item>(items: ArrayLike<Item>): Item => items[random(items.length)] as Item
  const text = (length: number, from: string) => {
    const noise = from === ODD ? oddNoise : plainNoise
    const start = random(noise.length - length)
    return noise.slice(start, start + length)
  }
  const good = pick(sealed)
  const at = random(good.length)
  const parts = good.split('.')
  const part = random(parts.length)
  const withPart = (value: string) =>
    parts.map((own, index) => (index === part ? value : own)).join('.')
  switch (random(12)) {
    case 0:
      return good.slice(0, at) + pick(ALPHABET) + good.slice(at + 1)
    case 1:
      return good.slice(0, at) + pick(ODD) + good.slice(at + 1)
    case 2:
      return good.slice(0, at) + text(1 + random(4), ODD) + good.slice(at)
    case 3:
      return good.slice(0, at) + good.slice(at + 1 + random(40))
    case 4:
      return good.slice(0, at)
    case 5:
      return withPart(text(random(60), ALPHABET))
    case 6:
      return withPart(pick(pick(sealed).split('.')))
    case 7:
      return withPart('')
    case 8:
      return withPart((parts[part] ?? '').slice(random(4)))
    case 9:
      return good + text(1 + random(4200), ALPHABET)
    case 10:
      return text(random(400), ODD)
    default: {
      const header = {
        alg: pick(['dir', 'none', 'A256KW']),
        enc: pick(['A256GCM', 'A128GCM']),
        kid: text(6, ALPHABET),
      }
      return [Buffer.from(JSON.stringify(header)).toString('base64url'), ...parts.slice(1)].join(
        '.',
      )
    }
  }
}
