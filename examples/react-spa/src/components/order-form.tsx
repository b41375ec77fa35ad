// The form for a new order.
import { useRef, useState } from 'react'
import type { ReactElement } from 'react'
import { coffees, formatPrice } from '../catalogue.ts'
import { explainError } from '../explain-error.ts'
import { formatBags } from '../format-order.ts'
import type { useCreateOrder } from '../orders-queries.ts'
import { readOrderForm } from '../read-order-form.ts'
import type { OrderFormErrors } from '../read-order-form.ts'
import { ActionButton } from './action-button.tsx'
import { Field } from './field.tsx'

interface OrderFormProps {
  readonly createOrder: ReturnType<typeof useCreateOrder>
}

export function OrderForm({ createOrder }: OrderFormProps): ReactElement {
  const form = useRef<HTMLFormElement>(null)
  const [errors, setErrors] = useState<OrderFormErrors>({})

  function placeOrder(data: FormData): void {
    const result = readOrderForm(data)
    if (result.kind === 'invalid') {
      setErrors(result.errors)
      const [first] = Object.keys(result.errors)
      form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus()
      return
    }
    setErrors({})
    createOrder.mutate(result.order, { onSuccess: () => form.current?.reset() })
  }

  return (
    <section className="card" aria-labelledby="new-order">
      <h2 id="new-order">New order</h2>
      <form
        ref={form}
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!createOrder.isPending) placeOrder(new FormData(event.currentTarget))
        }}
      >
        <Field label="Coffee" error={errors.product?.[0]}>
          {(control) => (
            <select {...control} name="product" defaultValue="">
              <option value="">Choose one</option>
              {coffees.map(({ name, price }) => (
                <option key={name} value={name}>
                  {name}, {formatPrice(price)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Bags" hint="250 g each, 99 at most" error={errors.quantity?.[0]}>
          {(control) => (
            <input {...control} name="quantity" type="number" min="1" max="99" defaultValue="1" />
          )}
        </Field>
        <ActionButton type="submit" pending={createOrder.isPending}>
          {createOrder.isPending ? 'Placing the order…' : 'Place order'}
        </ActionButton>
        <p role="status">
          {createOrder.isSuccess &&
            `Thank you: ${formatBags(createOrder.data.quantity)} of ${createOrder.data.product}.`}
        </p>
        {createOrder.isError && (
          <p className="field-error" role="alert">
            The order was not placed. {explainError(createOrder.error).title}.
          </p>
        )}
      </form>
    </section>
  )
}
