// Short names for members that are a package's own affair, in its production build: decisions/0038. A bundler cannot do
// that, since it does not know which names are public.
import { existsSync, readFileSync } from 'node:fs'

// No `v`: messages of tabs have one.
const letters = 'abcdefghijklmnopqrstuwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('')
const shortNames = [...letters, ...letters.map((letter) => `a${letter}`)]

/**
 * The options of esbuild that shorten the names in the package's list. Their order decides, so all files of a build,
 * and all builds, agree.
 *
 * @param {string} folder - the package's
 */
export function shorten(folder) {
  const file = `${folder}/internal-names.json`
  if (!existsSync(file)) return {}
  const names = JSON.parse(readFileSync(file, 'utf8'))
  return {
    mangleProps: new RegExp(`^(?:${names.join('|')})$`),
    mangleCache: Object.fromEntries(names.map((name, index) => [name, shortNames[index]])),
  }
}
