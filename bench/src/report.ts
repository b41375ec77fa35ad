// Printing figures as Markdown.

/** Prints a line. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Prints a table; the first row is its head. */
export function printTable(title: string, rows: readonly (readonly string[])[]): void {
  const [head = [], ...rest] = rows
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_cell, column) => (column === 0 ? '---' : '---:'))
  print(['', `${title}:`, '', line(head), line(rule), ...rest.map(line)].join('\n'))
}

/** A number with so many digits behind the point. */
export const round = (value: number, digits: number): string => value.toFixed(digits)
