// A page that can be broken on purpose, to see what is left of it.
import { useEffect, useState } from 'react'

const EVENT = 'nordlicht:break-page'

/** Breaks the page that is shown, until it is loaded again. */
export const breakPage = (): void => void window.dispatchEvent(new Event(EVENT))

/** Renders nothing, and throws when the page is to break. */
export function Breakable(): null {
  const [isBroken, setBroken] = useState(false)
  useEffect(() => {
    const over = new AbortController()
    window.addEventListener(EVENT, () => setBroken(true), { signal: over.signal })
    return () => over.abort()
  }, [])
  if (isBroken) throw new Error('Broken on purpose, by a tool of development.')
  return null
}
