// The types of short-names.js, which is JavaScript because Rollup's configuration is.
import type { BuildOptions } from 'esbuild'

/** See short-names.js. */
export declare function shorten(folder: string): Pick<BuildOptions, 'mangleCache' | 'mangleProps'>
