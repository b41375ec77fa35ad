// The button that cancels an order, which needs a fresh sign-in.
import { useTokenHandler } from '@token-handler/react'
import type { ReactElement } from 'react'
import { explainError } from '../explain-error.ts'
import { useCancelOrder } from '../orders-queries.ts'
import { readStepUp } from '../step-up.ts'
import { ActionButton } from './action-button.tsx'

interface CancelOrderProps {
  readonly id: string
  readonly onCancelled: () => void
}

export function CancelOrder({ id, onCancelled }: CancelOrderProps): ReactElement {
  const client = useTokenHandler()
  const cancel = useCancelOrder(id)
  const stepUp = readStepUp(cancel.error)

  if (stepUp !== undefined) {
    return (
      <div className="step-up" role="alert">
        <p>
          To cancel an order you need to have signed in a moment ago. Please confirm that it is you;
          you will come back to this page.
        </p>
        <ActionButton
          pending={false}
          onClick={() => void client.login({ parameters: stepUp }).catch(() => cancel.reset())}
        >
          Confirm that it is me
        </ActionButton>
      </div>
    )
  }
  return (
    <div className="step-up">
      <ActionButton
        quiet
        pending={cancel.isPending}
        onClick={() => cancel.mutate(undefined, { onSuccess: onCancelled })}
      >
        {cancel.isPending ? 'Cancelling…' : 'Cancel this order'}
      </ActionButton>
      {cancel.isError && (
        <p className="field-error" role="alert">
          The order was not cancelled. {explainError(cancel.error).title}.
        </p>
      )}
    </div>
  )
}
