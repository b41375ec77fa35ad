// Code that most deployments, or most requests, do without: loaded when it is first asked.

/** Makes a function of one that has yet to be loaded. It is loaded once; a failure is no reason not to try again. */
export function onDemand<A extends readonly unknown[], R>(
  load: () => Promise<(...input: A) => R | Promise<R>>,
): (...input: A) => Promise<R> {
  let loading: ReturnType<typeof load> | undefined
  return async (...input) => {
    loading ??= load().catch((cause: unknown) => {
      loading = undefined
      throw cause
    })
    const loaded = await loading
    return await loaded(...input)
  }
}
