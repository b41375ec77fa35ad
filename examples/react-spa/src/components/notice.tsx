// A box that says what is the matter and what can be done.
import type { ReactElement, ReactNode } from 'react'

interface NoticeProps {
  readonly title: string
  /** A failure interrupts a screen reader, and looks like one. */
  readonly tone?: 'plain' | 'failure'
  readonly children: ReactNode
}

export function Notice({ title, tone = 'plain', children }: NoticeProps): ReactElement {
  const failure = tone === 'failure'
  return (
    <div
      className={failure ? 'notice notice-danger' : 'notice'}
      role={failure ? 'alert' : 'status'}
    >
      <h2>{title}</h2>
      {children}
    </div>
  )
}
