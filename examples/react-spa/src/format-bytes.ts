// Sizes of files, as people read them.

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** `512 byte`, `3.5 MB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
  const unit = units[power] ?? 'byte'
  const format = { style: 'unit', unit, maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat('en-GB', format).format(bytes / 1000 ** power)
}
