// Whether the user does something on the page.

const EVENTS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const

/** Calls the listener whenever the user does something. Returns the function that ends it. */
export function onUserActivity(listener: () => void): () => void {
  // oxlint-disable-next-line no-restricted-globals -- a second file of the browser's, for the entry that needs it
  const target = typeof window === 'undefined' ? undefined : window
  for (const event of EVENTS) target?.addEventListener(event, listener, { passive: true })
  return () => {
    for (const event of EVENTS) target?.removeEventListener(event, listener)
  }
}
