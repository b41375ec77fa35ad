// A corner of the page of its own: no style gets in or out.
import { createElement, useCallback, useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { createPortal } from 'react-dom'

interface ShadowRootProps {
  readonly css: string
  readonly children: ReactNode
}

function openShadowRoot(host: HTMLElement, css: string): ShadowRoot {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  // A constructed style sheet, which no Content-Security-Policy forbids.
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets = [sheet]
  return root
}

/** Renders its children in a shadow root. */
export function ShadowRoot({ css, children }: ShadowRootProps): ReactElement {
  const [root, setRoot] = useState<ShadowRoot>()
  const attach = useCallback(
    (host: HTMLElement | null) => {
      if (host !== null) setRoot(openShadowRoot(host, css))
    },
    [css],
  )
  const content = root && createPortal(children, root)
  // A name of its own, so that no rule of the app is about this element.
  return createElement('token-handler-devtools', { ref: attach }, content)
}
