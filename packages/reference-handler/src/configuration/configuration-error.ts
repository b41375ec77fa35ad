// The one error of a wrong configuration: all mistakes at once, for the person who has to mend them.

/** One thing that is wrong. Never holds the value, which may be a secret. */
export interface Mistake {
  /** The setting, such as `cookies.secrets[0]`, or the environment variable or file it came from. */
  readonly setting: string
  /** What is wrong, and the mend. */
  readonly message: string
}

/** Thrown when the handler cannot start as configured. The message lists every mistake and its mend. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly mistakes: readonly Mistake[]

  constructor(mistakes: readonly Mistake[]) {
    const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`
    const lines = mistakes.map(({ setting, message }) => `  ${setting} ${message}`)
    super([`The configuration has ${count}:`, ...lines].join('\n'))
    this.mistakes = mistakes
  }
}
