// The listeners by which clients follow the life of the page. A page load takes them away; a test's page has none.

const pageEvents = new Set([
  'freeze',
  'online',
  'pagehide',
  'pageshow',
  'prerenderingchange',
  'resume',
  'storage',
  'visibilitychange',
])

/** Of the page's life, or of what clients of the SDK tell each other on one page. */
const isOfClient = (type: string): boolean =>
  pageEvents.has(type) || type.startsWith('token-handler:')

/** Notes the listeners, so that they can be removed together. */
export function createListenerLog() {
  let entries: readonly { readonly remove: () => void }[] = []
  let restore = (): void => {}

  const removeAll = (): void => {
    for (const { remove } of entries) remove()
    entries = []
  }

  function watch(target: EventTarget): () => void {
    const add = target.addEventListener.bind(target)
    target.addEventListener = (type, listener, options) => {
      if (isOfClient(type)) {
        const remove = (): void => target.removeEventListener(type, listener, options)
        entries = [...entries, { remove }]
      }
      add(type, listener, options)
    }
    return () => {
      target.addEventListener = add
    }
  }

  return {
    removeAll,
    install: (): void => {
      const restores = [watch(window), watch(document)]
      restore = () => {
        for (const undo of restores) undo()
      }
    },
    uninstall: (): void => {
      removeAll()
      restore()
    },
  }
}
