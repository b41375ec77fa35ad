// All designs.
import type { Design } from '../src/design.ts'
import { apiSubdomain } from './api-subdomain.ts'
import { hybrid } from './hybrid.ts'
import { localSpa } from './local-spa.ts'
import { microFrontends } from './micro-frontends.ts'
import { migration } from './migration.ts'
import { ownApiHosts } from './own-api-hosts.ts'
import { perPath } from './per-path.ts'
import { sameOrigin } from './same-origin.ts'
import { staticHosting } from './static-hosting.ts'
import { twoPaths } from './two-paths.ts'

export const designs: readonly Design[] = [
  sameOrigin,
  apiSubdomain,
  perPath,
  ownApiHosts,
  twoPaths,
  microFrontends,
  localSpa,
  hybrid,
  migration,
  staticHosting,
]

/** @throws when there is none of this name; the message lists those that there are */
export function findDesign(name: string | undefined): Design {
  const design = designs.find((candidate) => candidate.name === name)
  if (design !== undefined) return design
  const names = designs.map((candidate) => candidate.name).join(', ')
  throw new Error(`There is no design "${name ?? ''}". Choose one of: ${names}.`)
}
