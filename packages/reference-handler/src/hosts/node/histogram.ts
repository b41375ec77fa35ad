// Metrics in the text format of Prometheus: a histogram with labels, a counter, single values.

/** Values by label, such as `{ part: 'proxy', status: '200' }`. */
export type Labels = Readonly<Record<string, string>>

/** Counts observations by size. */
export interface Histogram {
  readonly observe: (labels: Labels, value: number) => void
  /** All counts so far. */
  readonly render: () => string
}

interface Series {
  readonly labels: string
  readonly counts: number[]
  sum: number
  count: number
}

/**
 * Creates a histogram.
 *
 * @param bounds - upper bounds of its buckets, ascending
 * @see {@link https://prometheus.io/docs/instrumenting/exposition_formats/ Prometheus, exposition formats}
 */
export function createHistogram(name: string, help: string, bounds: readonly number[]): Histogram {
  const all = new Map<string, Series>()

  function seriesOf(labels: string): Series {
    const known = all.get(labels)
    if (known !== undefined) return known
    const series = { labels, counts: bounds.map(() => 0), sum: 0, count: 0 }
    all.set(labels, series)
    return series
  }

  return {
    observe(labels, value) {
      const series = seriesOf(renderLabels(labels))
      series.sum += value
      series.count += 1
      for (const [index, bound] of bounds.entries()) {
        if (value <= bound) series.counts[index] = (series.counts[index] ?? 0) + 1
      }
    },
    render() {
      const lines = [...all.values()].flatMap(({ labels, counts, sum, count }) => [
        ...bounds.map((bound, index) => `${name}_bucket{${labels},le="${bound}"} ${counts[index]}`),
        `${name}_bucket{${labels},le="+Inf"} ${count}`,
        `${name}_sum{${labels}} ${sum}`,
        `${name}_count{${labels}} ${count}`,
      ])
      return [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...lines, ''].join('\n')
    },
  }
}

/** A single value without labels. */
export const renderValue = (
  type: 'counter' | 'gauge',
  name: string,
  help: string,
  value: number,
): string => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`

const renderLabels = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join()

/** Counts occurrences by one label, whose values are known beforehand. */
export interface Counter<Value extends string> {
  readonly count: (value: Value) => void
  readonly render: () => string
}

/** Creates a counter; every value begins at 0, so that a first occurrence can be seen as an increase. */
export function createCounter<Value extends string>(
  name: string,
  help: string,
  label: string,
  values: readonly Value[],
): Counter<Value> {
  const counts = new Map(values.map((value) => [value, 0]))
  return {
    count: (value) => void counts.set(value, (counts.get(value) ?? 0) + 1),
    render() {
      const lines = [...counts].map(([value, count]) => `${name}{${label}="${value}"} ${count}`)
      return [`# HELP ${name} ${help}`, `# TYPE ${name} counter`, ...lines, ''].join('\n')
    },
  }
}
