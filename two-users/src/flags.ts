// Command lines of programs with single-letter flags.

/** Flags and their values, in turn. */
export const flags = (values: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(values).flatMap(([name, value]) => [`-${name}`, value])
