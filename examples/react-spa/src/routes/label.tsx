// A label of the customer's own, uploaded.
import type { ReactElement } from 'react'
import { LabelUpload } from '../components/label-upload.tsx'
import { Page } from '../components/page.tsx'
import { SessionGate } from '../components/session-gate.tsx'

export function LabelPage(): ReactElement {
  return (
    <Page title="Your label" lead="For your café we print your own artwork on the bags.">
      <SessionGate>
        <LabelUpload />
      </SessionGate>
    </Page>
  )
}
