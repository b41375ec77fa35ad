// Thirty ways in which APIs speak to caches, and whether each shares its answer among users.

/** A kind of answer. */
export interface AnswerKind {
  readonly name: string
  readonly headers: Readonly<Record<string, string | string[]>>
  /** The API lets caches give the answer to others, by its own word. */
  readonly isShared: boolean
  readonly status?: number
}

const past = 'Sun, 29 Nov 2020 06:00:00 GMT'
const future = 'Thu, 01 Dec 2033 16:00:00 GMT'

const cacheControl = (value: string, isShared = false): AnswerKind => ({
  name: value,
  headers: { 'cache-control': value },
  isShared,
})

const varying = (value: string, isShared = false): AnswerKind => ({
  name: `${value}, and Vary: Authorization`,
  headers: { 'cache-control': value, vary: 'Authorization' },
  isShared,
})

export const answerKinds: readonly AnswerKind[] = [
  { name: 'nothing', headers: {}, isShared: false },
  { name: 'Last-Modified', headers: { 'last-modified': past }, isShared: false },
  { name: 'ETag', headers: { etag: '"one"' }, isShared: false },
  { name: 'Expires', headers: { expires: future }, isShared: false },
  { name: 'X-Accel-Expires', headers: { 'x-accel-expires': '60' }, isShared: false },
  {
    name: 'X-Accel-Expires beside private',
    headers: { 'x-accel-expires': '60', 'cache-control': 'private' },
    isShared: false,
  },
  { name: 'Surrogate-Control', headers: { 'surrogate-control': 'max-age=60' }, isShared: false },
  { name: 'CDN-Cache-Control', headers: { 'cdn-cache-control': 'max-age=60' }, isShared: false },
  { name: 'Pragma: public', headers: { pragma: 'public', expires: future }, isShared: false },
  { name: '404', headers: { 'last-modified': past }, isShared: false, status: 404 },
  { name: '301', headers: { location: '/api/elsewhere' }, isShared: false, status: 301 },
  { name: '410', headers: { 'cache-control': 'max-age=60' }, isShared: false, status: 410 },
  cacheControl('max-age=60'),
  cacheControl('max-age=60, must-revalidate'),
  cacheControl('max-age=60, proxy-revalidate'),
  cacheControl('max-age=60, immutable'),
  cacheControl('max-age=60, stale-while-revalidate=60'),
  cacheControl('no-cache'),
  cacheControl('no-cache="x-one", max-age=60'),
  cacheControl('private, max-age=600'),
  cacheControl('private="x-one", max-age=60'),
  cacheControl('no-store'),
  cacheControl('no-store, must-understand, max-age=60'),
  cacheControl('max-age=60, ext="a, public, b"'),
  cacheControl('max-age=60, s-maxage=0'),
  varying('public, max-age=60'),
  varying('s-maxage=60'),
  varying('max-age=60, must-revalidate'),
  varying('private, max-age=600'),
  {
    name: 'public, and Vary in two lines',
    headers: { 'cache-control': 'public, max-age=60', vary: ['Authorization', 'Accept'] },
    isShared: false,
  },
  {
    name: 'public, and Vary: X-Forwarded-For, Authorization',
    headers: { 'cache-control': 'public, max-age=60', vary: 'X-Forwarded-For, Authorization' },
    isShared: false,
  },
  cacheControl('public, max-age=60', true),
  cacheControl('s-maxage=60', true),
]
