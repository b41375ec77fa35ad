// Listening to what this process prints.

/** Copies all that goes to stdout and stderr from now on, until it is stopped. */
export function listenToOutput(): { readonly stop: () => readonly string[] } {
  const chunks: string[] = []
  const restores = [process.stdout, process.stderr].map((stream) => {
    // oxlint-disable-next-line typescript/unbound-method -- kept to be put back, and called with its stream
    const original = stream.write
    stream.write = new Proxy(original, {
      apply(write, self, parameters) {
        chunks.push(String(parameters[0]))
        return Reflect.apply(write, self, parameters)
      },
    })
    return () => {
      stream.write = original
    }
  })
  return {
    stop() {
      for (const restore of restores) restore()
      return chunks
    },
  }
}
