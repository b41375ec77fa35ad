// A button for something that takes a while: it keeps the focus and ignores further clicks.
import type { ReactElement, ReactNode } from 'react'

interface ActionButtonProps {
  readonly type?: 'button' | 'submit'
  readonly quiet?: boolean
  readonly pending: boolean
  readonly onClick?: () => void
  readonly children: ReactNode
}

export function ActionButton(props: ActionButtonProps): ReactElement {
  const { type = 'button', quiet = false, pending, onClick, children } = props
  return (
    // Not `disabled`: that would drop the focus of whoever pressed it by keyboard.
    <button
      className={quiet ? 'button button-quiet' : 'button'}
      type={type}
      aria-disabled={pending}
      onClick={(event) => {
        if (pending) event.preventDefault()
        else onClick?.()
      }}
    >
      {children}
    </button>
  )
}
