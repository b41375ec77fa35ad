// The certificates of connections to upstreams, read from files that may be renewed at any time.
import { readFileSync } from 'node:fs'
import type { TlsFiles } from '../../tls-files.ts'
import type { Log } from '../../ports.ts'

/** As `tls.connect` takes them. */
export interface TlsMaterial {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** Reads the files of an upstream. */
export type TlsReader = (files: TlsFiles | undefined) => TlsMaterial

const members = [
  ['ca', 'caFile'],
  ['cert', 'certificateFile'],
  ['key', 'keyFile'],
] as const

/**
 * Creates the reader. Files are read for each new set of connections, so that a renewed certificate comes
 * into use without a restart. What cannot be read any more stays as it was, and the log says so.
 *
 * @throws {Error} by the reader, for files that could never be read
 */
export function createTlsReader(log: Pick<Log, 'warn'>): TlsReader {
  const known = new Map<string, TlsMaterial>()
  return (files) => {
    if (files === undefined) return {}
    const name = JSON.stringify(files)
    try {
      const material = readTlsFiles(files)
      known.set(name, material)
      return material
    } catch (error) {
      const before = known.get(name)
      if (before === undefined) throw error
      log.warn({ err: error }, 'the TLS files cannot be read; continuing with the ones read before')
      return before
    }
  }
}

/** Reads all files of an upstream. */
export function readTlsFiles(files: TlsFiles): TlsMaterial {
  return Object.fromEntries(
    members.flatMap(([member, setting]) => {
      const file = files[setting]
      return file === undefined ? [] : [[member, readFileSync(file, 'utf8')]]
    }),
  )
}
