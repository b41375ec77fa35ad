// A form field: label, control, hint and error, tied together for assistive technology.
import { useId } from 'react'
import type { ReactElement, ReactNode } from 'react'

/** What the control must carry. */
interface ControlProps {
  readonly id: string
  readonly required: true
  readonly 'aria-invalid': boolean
  readonly 'aria-describedby': string | undefined
}

interface FieldProps {
  readonly label: string
  readonly hint?: string
  readonly error: string | undefined
  readonly children: (control: ControlProps) => ReactNode
}

export function Field({ label, hint, error, children }: FieldProps): ReactElement {
  const id = useId()
  const hintId = `${id}-hint`
  const errorId = `${id}-error`
  const describedBy = [hint !== undefined && hintId, error !== undefined && errorId]
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        required: true,
        'aria-invalid': error !== undefined,
        'aria-describedby': describedBy.filter(Boolean).join(' ') || undefined,
      })}
      {hint !== undefined && (
        <p className="field-hint" id={hintId}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p className="field-error" id={errorId}>
          {error}
        </p>
      )}
    </div>
  )
}
