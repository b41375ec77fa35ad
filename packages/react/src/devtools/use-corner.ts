// The corner of the page that the devtools are in: their button can cover what the app has there.
import { useRef, useState } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'

interface Corner {
  readonly top: boolean
  readonly left: boolean
}

interface Movable {
  /** Classes of the corner. */
  readonly className: string
  /** For the button. */
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void
    readonly onKeyDown: (event: KeyboardEvent) => void
  }
  /** Whether the click that is told is the end of a drag. */
  readonly isDragged: () => boolean
}

const KEY = 'token-handler:devtools-corner'

/** A hand is never quite still. Pixels. */
const DRAG_DISTANCE = 6

const moves: Readonly<Record<string, Partial<Corner>>> = {
  ArrowUp: { top: true },
  ArrowDown: { top: false },
  ArrowLeft: { left: true },
  ArrowRight: { left: false },
}

const describe = ({ top, left }: Corner): string =>
  `${top ? 'top' : 'bottom'} ${left ? 'left' : 'right'}`

function readCorner(): Corner {
  try {
    const kept = localStorage.getItem(KEY) ?? ''
    return { top: kept.startsWith('top'), left: kept.endsWith('left') }
  } catch {
    // Refused where the user blocks cookies.
    return { top: false, left: false }
  }
}

function keepCorner(corner: Corner): void {
  try {
    localStorage.setItem(KEY, describe(corner))
  } catch {
    // It is for this page alone, then.
  }
}

/** Follows the pointer until it is let go, and tells where that was if it went far enough to be a drag. */
function followPointer(
  button: HTMLElement,
  from: PointerEvent,
  onDrop: (at: globalThis.PointerEvent) => void,
): void {
  const over = new AbortController()
  const { signal } = over
  let isFar = false
  const follow = ({ clientX, clientY }: globalThis.PointerEvent): void => {
    const [x, y] = [clientX - from.clientX, clientY - from.clientY]
    isFar ||= Math.hypot(x, y) > DRAG_DISTANCE
    if (isFar) button.style.translate = `${x}px ${y}px`
  }
  const end = (event: globalThis.PointerEvent): void => {
    over.abort()
    button.style.translate = ''
    if (isFar && event.type === 'pointerup') onDrop(event)
  }
  addEventListener('pointermove', follow, { signal })
  addEventListener('pointerup', end, { signal })
  addEventListener('pointercancel', end, { signal })
}

/** Puts the devtools into the corner where the user left them: by dragging the button, or by its arrow keys. */
export function useCorner(): Movable {
  const [corner, setCorner] = useState(readCorner)
  const isDragged = useRef(false)

  function move(to: Partial<Corner>): void {
    const next = { ...corner, ...to }
    keepCorner(next)
    setCorner(next)
  }

  return {
    className: describe(corner),
    isDragged: () => isDragged.current,
    handlers: {
      onPointerDown(event) {
        isDragged.current = false
        followPointer(event.currentTarget, event, ({ clientX, clientY }) => {
          isDragged.current = true
          move({ top: clientY < innerHeight / 2, left: clientX < innerWidth / 2 })
        })
      },
      onKeyDown(event) {
        const to = moves[event.key]
        if (to === undefined) return
        // The page would scroll.
        event.preventDefault()
        move(to)
      },
    },
  }
}
