// What becomes of device binding, counted for `/metrics`.
import { deviceBindingEvents } from '../../agent/device-binding/events.ts'
import type { Ports } from '../../ports.ts'
import { createCounter } from '../node/histogram.ts'

/** Ports that count, and the counts. */
export interface CountedPorts {
  readonly ports: Ports
  /** In the text format of Prometheus. */
  readonly render: () => string
}

/** Has the agents of these ports count what becomes of device binding; whoever listened before, goes on to. */
export function countDeviceBinding(ports: Ports): CountedPorts {
  const counter = createCounter(
    'token_handler_device_binding_total',
    'What browsers and agent have made of device binding.',
    'event',
    deviceBindingEvents,
  )
  return {
    ports: {
      ...ports,
      onDeviceBinding: (event) => {
        counter.count(event)
        ports.onDeviceBinding?.(event)
      },
    },
    render: counter.render,
  }
}
