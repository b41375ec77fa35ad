// Draws a design: pages in the browser, hosts where TLS ends, agent and proxy, and what is behind them.
import { placeOf } from './design.ts'
import type { Design, HostDesign, Place, TenantDesign } from './design.ts'

const DOMAIN = 'example.com'

const style = `<style>
    .box { fill: #ffffff; stroke: #c4ccd8; stroke-width: 1.5 }
    .ours { fill: #e7f1ff; stroke: #2f6fd0 }
    .title { fill: #14213a; font-size: 15px; font-weight: 600 }
    .text { fill: #4a5872; font-size: 13px }
    .line { stroke: #56657f; stroke-width: 1.6; fill: none }
    .files { stroke-dasharray: 3 4 }
    .head { fill: #56657f }
    .zone { fill: none; stroke: #9aa7bd; stroke-width: 1.2; stroke-dasharray: 5 5 }
    .cookie { fill: #8a4b00; font-size: 13px; font-weight: 600 }
    .token { fill: #0a6a3c; font-size: 13px; font-weight: 600 }
    @media (prefers-color-scheme: dark) {
      .box { fill: #161d29; stroke: #46536a }
      .ours { fill: #12294a; stroke: #5c9bf5 }
      .title { fill: #eef3fb }
      .text { fill: #b3bfd2 }
      .line { stroke: #97a6bf } .head { fill: #97a6bf }
      .zone { stroke: #5b6980 }
      .cookie { fill: #f0b25a } .token { fill: #62d196 }
    }
  </style>`

/** A box with lines of text. */
interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const middle = ({ height, y }: Box): number => y + height / 2
const right = ({ width, x }: Box): number => x + width

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

function drawBox(box: Box, title: string, lines: readonly string[], isOurs: boolean): string {
  const { height, width, x, y } = box
  const center = x + width / 2
  const first = y + (height - 20 * lines.length) / 2 + 5
  return [
    `  <rect class="box${isOurs ? ' ours' : ''}" x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/>`,
    `  <text class="title" x="${center}" y="${first}" text-anchor="middle">${escape(title)}</text>`,
    ...lines.map(
      (line, index) =>
        `  <text class="text" x="${center}" y="${first + 22 + 20 * index}" text-anchor="middle">${escape(line)}</text>`,
    ),
  ].join('\n')
}

/** A curve from the right edge of one box to the left edge of another. */
function drawLine(from: Box, to: Box, kind: 'calls' | 'files', lift = 0): string {
  const [x1, x2] = [right(from) + 4, to.x - 6]
  const [y1, y2] = [middle(from) + lift, middle(to) + lift]
  const bend = (x2 - x1) / 2
  const path = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
  return `  <path class="line${kind === 'files' ? ' files' : ''}" d="${path}" marker-end="url(#a)"${kind === 'calls' ? ' marker-start="url(#a)"' : ''}/>`
}

const kinds: Readonly<Record<Place['kind'], string>> = {
  app: 'static files',
  handler: 'agent and proxy',
  'web-host': 'rendered pages',
  website: 'the old website',
}

/** A line about a place; tenants that share one are told apart by their paths. */
function describePlace({ tenants }: Design, host: string, { kind, path }: Place): string {
  const paths = tenants.flatMap((tenant) =>
    tenant.host === host && tenant.path !== undefined ? [tenant.path] : [],
  )
  const where = kind === 'handler' && paths.length > 0 ? paths.join(', ') : path
  return `${where} · ${kinds[kind]}`
}

/** Stacks boxes below each other, around the middle of the picture. */
function stack(
  x: number,
  width: number,
  heights: readonly number[],
  total: number,
): readonly Box[] {
  const gap = 24
  const sum = heights.reduce((all, height) => all + height, gap * (heights.length - 1))
  let y = 44 + (total - sum) / 2
  return heights.map((height) => {
    const box = { x, y, width, height }
    y += height + gap
    return box
  })
}

interface ShownPage {
  readonly host: HostDesign
  readonly place: Place
  readonly tenant: TenantDesign
}

function pagesOf({ hosts, tenants }: Design): readonly ShownPage[] {
  return hosts.flatMap((host) =>
    host.places
      .filter(({ kind }) => kind !== 'handler')
      .flatMap((place) => {
        const tenant = tenants.find(({ id }) => id === place.app?.tenant) ?? tenants[0]
        return tenant === undefined ? [] : [{ host, place, tenant }]
      }),
  )
}

/** How a page comes about. */
const makings: Readonly<Record<string, string>> = {
  react: 'React',
  plain: 'plain TypeScript',
  website: 'its own cookies',
  'web-host': 'rendered by a server',
}

const describePage = ({ host, place }: ShownPage): readonly [string, readonly string[]] => {
  const { app, kind, path } = place
  const name = app?.name ?? (kind === 'website' ? 'Website' : 'Shop')
  const made = makings[app?.source ?? kind] ?? ''
  return [name, [`${host.name}.… ${path}`, made]]
}

/** Hosts that have agent and proxy of a tenant. */
const servesTenant = (host: HostDesign, tenant: TenantDesign): boolean =>
  (tenant.host === undefined || tenant.host === host.name) &&
  placeOf(host, tenant.agentPath)?.kind === 'handler'

/** Draws it, as SVG. */
export function drawDesign(design: Design): string {
  const pages = pagesOf(design)
  const hostHeights = design.hosts.map(
    ({ machine, places }) => 44 + 20 * (places.length + (machine === undefined ? 0 : 1)),
  )
  const columns = [pages.map(() => 86), hostHeights, design.tenants.map(() => 86), [70, 70]]
  const total = Math.max(
    ...columns.map((heights) => heights.reduce((sum, height) => sum + height + 24, -24)),
  )
  const [pageHeights = [], , tenantHeights = [], behindHeights = []] = columns
  const pageBoxes = stack(30, 156, pageHeights, total)
  const hostBoxes = stack(286, 236, hostHeights, total)
  const tenantBoxes = stack(582, 140, tenantHeights, total)
  const behindBoxes = stack(780, 134, behindHeights, total)
  const height = total + 76
  const lines: string[] = []

  pages.forEach(({ host, tenant }, index) => {
    const page = pageBoxes[index]
    design.hosts.forEach((candidate, position) => {
      const box = hostBoxes[position]
      if (page === undefined || box === undefined) return
      const isAgent = servesTenant(candidate, tenant)
      if (candidate === host) lines.push(drawLine(page, box, 'files', isAgent ? 10 : 0))
      if (isAgent) lines.push(drawLine(page, box, 'calls', candidate === host ? -10 : 0))
    })
  })
  design.tenants.forEach((tenant, index) => {
    const box = tenantBoxes[index]
    design.hosts.forEach((host, position) => {
      const from = hostBoxes[position]
      if (box && from && servesTenant(host, tenant)) lines.push(drawLine(from, box, 'calls'))
    })
    for (const to of behindBoxes) if (box) lines.push(drawLine(box, to, 'calls'))
  })

  const boxes = [
    ...pages.map((page, index) => {
      const box = pageBoxes[index]
      return box ? drawBox(box, ...describePage(page), true) : ''
    }),
    ...design.hosts.map(({ machine, name, places }, index) => {
      const box = hostBoxes[index]
      const note = machine === 'developer' ? ['127.0.0.1 by a hosts file'] : []
      return box
        ? drawBox(
            box,
            `${name}.${DOMAIN}`,
            [...places.map((place) => describePlace(design, name, place)), ...note],
            false,
          )
        : ''
    }),
    ...design.tenants.map(({ id, prefix }, index) => {
      const box = tenantBoxes[index]
      const cookies = prefix === undefined ? 'own cookies' : `${prefix.slice(12)}-… cookies`
      const about = design.tenants.length > 1 ? [`of ${id}`, cookies] : ['cookie → token']
      return box ? drawBox(box, 'Agent, proxy', about, true) : ''
    }),
    ...behindBoxes.map((box, index) =>
      index === 0
        ? drawBox(box, 'Authorization', ['server'], false)
        : drawBox(box, 'Your APIs', [], false),
    ),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 930 ${height}" role="img" aria-labelledby="t d" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif">
  <title id="t">${escape(design.title)}</title>
  <desc id="d">${escape(design.purpose)} TLS ends at ${design.hosts.map(({ name }) => `${name}.${DOMAIN}`).join(', ')}; pages call agent and proxy with cookies, and tokens stay on the right-hand side.</desc>
  ${style}
  <defs>
    <marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path class="head" d="M0 0 8 4 0 8z"/></marker>
  </defs>
  <rect class="zone" x="12" y="10" width="192" height="${height - 20}" rx="12"/>
  <text class="text" x="28" y="30">Browser: no token</text>
  <text class="text" x="404" y="30" text-anchor="middle">TLS ends here</text>
  <text class="cookie" x="245" y="30" text-anchor="middle">cookies</text>
  <text class="token" x="760" y="30" text-anchor="middle">tokens</text>
${[...lines, ...boxes].join('\n')}
</svg>
`
}
