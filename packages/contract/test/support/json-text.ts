// Arbitrary JSON texts around the bodies of the wire: right ones, near misses and hostile ones.
// Texts, not values: `1e999`, duplicate members and `__proto__` exist in JSON only.
import * as fc from 'fast-check'

const quote = (text: string): string => JSON.stringify(text)

const rightUrls = [
  'https://login.example.com/authorize?client_id=spa&state=1',
  'http://login.idp.localhost:4000/logout',
  'HTTPS://LOGIN.EXAMPLE.COM/',
].map(quote)

const wrongUrls = [
  'javascript:alert(1)',
  'JavaScript://login.example.com/%0aalert(1)',
  'data:text/html,hello',
  ' https://login.example.com/',
  'https://login.example.com/ ',
  'https:login.example.com',
  'https:/login.example.com',
  'https:///login.example.com',
  'https:\\\\login.example.com',
  'https://login.example.com\\@evil.example',
  'https://login.example.com/\t',
  'ht\ttps://login.example.com/',
  'https://login.example.com/\u0000',
  'https://',
  'https://[',
  '//login.example.com',
  '/authorize',
  'blob:https://login.example.com/1',
].map(quote)

const rightSeconds = ['0', '300', '0.5', '-1', '2592000', '1e3', 'null']
const rightClaims = [
  '{}',
  '{"sub":"alice","roles":["admin"],"address":{"locality":"Kista"}}',
  '{"__proto__":{"admin":true},"sub":"alice"}',
  '{"constructor":{"prototype":1},"toString":null,"hasOwnProperty":false}',
  '{"length":1,"then":1,"":""}',
  'null',
]

/** Texts that are interesting in any place. */
const anyText = fc.oneof(
  fc.constantFrom(
    'null',
    'true',
    'false',
    '""',
    '"true"',
    '"300"',
    '[]',
    '[{}]',
    '1e999',
    '-1e999',
  ),
  fc.constantFrom(...rightUrls, ...rightSeconds, ...rightClaims),
  fc.constantFrom(...wrongUrls),
  fc.json(),
)

const member = (name: string, value: string): string => `${quote(name)}:${value}`
const object = (members: readonly string[]): string => `{${members.join(',')}}`

/** An object whose members are mostly right; some are absent, some are anything, and some are foreign. */
function nearly(right: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<string> {
  const members = Object.entries(right).map(([name, texts]) => {
    const value = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...texts) },
      { weight: 1, arbitrary: anyText },
    )
    const present = value.map((text) => [member(name, text)])
    return fc.oneof({ weight: 6, arbitrary: present }, { weight: 1, arbitrary: fc.constant([]) })
  })
  const foreign = fc.tuple(fc.constantFrom('extra', '__proto__', 'constructor', ''), anyText)
  const extras = fc.array(
    foreign.map(([name, value]) => member(name, value)),
    { maxLength: 2 },
  )
  return fc.tuple(...members, extras).map((parts) => object(parts.flat()))
}

/** The wire's members in any combination, repeated ones too. */
const mixed = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'is_logged_in',
        'id_token_claims',
        'access_token_expires_in',
        'authorization_url',
        'logout_url',
        'error_code',
        'detailed_error',
        'isLoggedIn',
      ),
      anyText,
    ),
    { maxLength: 5 },
  )
  .map((members) => object(members.map(([name, value]) => member(name, value))))

/** Bodies of every kind. */
export const jsonText: fc.Arbitrary<string> = fc.oneof(
  nearly({
    is_logged_in: ['true', 'false'],
    id_token_claims: rightClaims,
    access_token_expires_in: rightSeconds,
    session_expires_in: rightSeconds,
    is_device_bound: ['true', 'false', 'null'],
  }),
  nearly({ authorization_url: rightUrls }),
  nearly({ logout_url: [...rightUrls, 'null'] }),
  nearly({ error_code: ['"invalid_request"'], detailed_error: ['"why"', 'null'] }),
  mixed,
  anyText,
)
