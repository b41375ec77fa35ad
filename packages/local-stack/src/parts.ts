// Keeping together what has been started, so that all of it is stopped.

/** Something that runs until it is closed. */
export interface Part {
  readonly close: () => Promise<void>
}

/** The parts that run. */
export interface Parts {
  /** Resolves with the part once it runs; from then on {@link Parts.stop} closes it. */
  readonly add: <P extends Part>(starting: Promise<P>) => Promise<P>
  /** Closes all parts, the last one first, since it may use those before it. */
  readonly stop: () => Promise<void>
}

/** Creates an empty collection of parts. */
export function createParts(): Parts {
  const parts: Part[] = []
  return {
    async add(starting) {
      const part = await starting
      parts.push(part)
      return part
    },
    async stop() {
      for (const part of parts.splice(0).toReversed()) await part.close()
    },
  }
}
