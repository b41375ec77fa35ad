// The button in the corner, and the panel that is loaded when it is pressed.
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { ComponentType, KeyboardEvent, MouseEvent, ReactElement, ReactNode } from 'react'
import { useTokenHandlerContext } from '../context.ts'
import { css } from './css.ts'
import type { PanelProps } from './panel.tsx'
import { recordingOf } from './recording.ts'
import { ShadowRoot } from './shadow-root.tsx'
import { useCorner } from './use-corner.ts'

/** Props of `TokenHandlerDevtools`. */
export interface TokenHandlerDevtoolsProps {
  /** Tools of the app's own, buttons mostly, which the panel shows beside its own. */
  readonly children?: ReactNode
}

interface PanelModule {
  readonly Panel: ComponentType<PanelProps>
}

/** Makes the component `TokenHandlerDevtools` of development. */
export function createDevtools(
  loadPanel: () => Promise<PanelModule>,
): (props: TokenHandlerDevtoolsProps) => ReactElement {
  const LazyPanel = lazy(async () => ({ default: (await loadPanel()).Panel }))
  return function DevelopmentDevtools({ children }) {
    const { client } = useTokenHandlerContext('<TokenHandlerDevtools>')
    const [isOpen, setOpen] = useState(false)
    const opener = useRef<HTMLButtonElement>(null)
    const { className, handlers, isDragged } = useCorner()
    const recording = recordingOf(client)
    // From the start, not from the first opening. Before the provider's effect, which loads.
    useEffect(() => {
      recording.start()
      return recording.connect()
    }, [recording])

    function closeOnEscape({ key }: KeyboardEvent): void {
      if (key !== 'Escape') return
      setOpen(false)
      opener.current?.focus()
    }

    function toggle({ detail }: MouseEvent): void {
      // A drag ends with a click. One by keyboard has no detail.
      if (detail === 0 || !isDragged()) setOpen(!isOpen)
    }

    return (
      <ShadowRoot css={css}>
        <aside
          className={className}
          aria-label="Token handler devtools"
          onKeyDown={isOpen ? closeOnEscape : undefined}
        >
          <button
            ref={opener}
            className="opener"
            type="button"
            title="To move it to another corner, drag it or press an arrow key"
            aria-expanded={isOpen}
            onClick={toggle}
            {...handlers}
          >
            {isOpen ? 'Close devtools' : 'Session devtools'}
          </button>
          {isOpen && (
            <div className="panel">
              <Suspense fallback={<p>Loading…</p>}>
                <LazyPanel recording={recording}>{children}</LazyPanel>
              </Suspense>
            </div>
          )}
        </aside>
      </ShadowRoot>
    )
  }
}
