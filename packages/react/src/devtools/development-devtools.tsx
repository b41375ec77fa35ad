// The button in the corner, and the panel that is loaded when it is pressed.
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { ComponentType, KeyboardEvent, ReactElement } from 'react'
import { useTokenHandlerContext } from '../context.ts'
import { css } from './css.ts'
import type { PanelProps } from './panel.tsx'
import { recordingOf } from './recording.ts'
import { ShadowRoot } from './shadow-root.tsx'

interface PanelModule {
  readonly Panel: ComponentType<PanelProps>
}

/** Makes the component `TokenHandlerDevtools` of development. */
export function createDevtools(loadPanel: () => Promise<PanelModule>): () => ReactElement {
  const LazyPanel = lazy(async () => ({ default: (await loadPanel()).Panel }))
  return function DevelopmentDevtools() {
    const { client } = useTokenHandlerContext('<TokenHandlerDevtools>')
    const [isOpen, setOpen] = useState(false)
    const opener = useRef<HTMLButtonElement>(null)
    const recording = recordingOf(client)
    // From the start, not from the first opening. Before the provider's effect, which loads.
    useEffect(() => recording.start(), [recording])

    function closeOnEscape({ key }: KeyboardEvent): void {
      if (key !== 'Escape') return
      setOpen(false)
      opener.current?.focus()
    }

    return (
      <ShadowRoot css={css}>
        <aside aria-label="Token handler devtools" onKeyDown={isOpen ? closeOnEscape : undefined}>
          <button
            ref={opener}
            className="opener"
            type="button"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? 'Close devtools' : 'Session devtools'}
          </button>
          {isOpen && (
            <div className="panel">
              <Suspense fallback={<p>Loading…</p>}>
                <LazyPanel recording={recording} />
              </Suspense>
            </div>
          )}
        </aside>
      </ShadowRoot>
    )
  }
}
