// Holds answers back until the test lets them through.

export interface Gate {
  /** Resolves when the gate is opened. */
  readonly passed: Promise<void>
  readonly open: () => void
}

export function createGate(): Gate {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}

/** Lets everything that can happen without the outside world happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
  // Reading a Response takes turns of the event loop, not only microtasks.
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
