// Naming a parameter to developers and in the log.

/**
 * Names a parameter, if that is what it is. Where a body is no form, such as a bare token or JSON, all
 * of it would be read as a name, and must not be quoted.
 */
export function describeParameter(name: string): string {
  return /^[a-z_.-]{1,32}$/i.test(name) ? `The parameter "${name}"` : 'A parameter'
}
