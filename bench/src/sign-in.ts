// A user's way through the agent: signing in, and refreshing for ever new cookies.

/** What a page of the SPA sends with every request. */
export const requestHeaders = {
  accept: 'application/json',
  origin: 'https://www.app.example',
  'token-handler-version': '1',
}

/** Cookies by name. */
export type Jar = Map<string, string>

/** One call to the agent; the jar is brought up to date. */
export async function callAgent(
  agentUrl: string,
  [method, path]: readonly ['GET' | 'POST', string],
  jar: Jar,
  form?: URLSearchParams,
): Promise<Record<string, unknown>> {
  const response = await fetch(agentUrl + path, {
    method,
    headers: { ...requestHeaders, cookie: cookieHeader(jar) },
    body: form ?? null,
  })
  takeCookies(jar, response)
  const body: unknown = await response.json()
  if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}.`)
  return { ...Object(body) }
}

/** Does with the cookies of an answer what a browser does. */
export function takeCookies(jar: Jar, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (value === '') jar.delete(name)
    else jar.set(name, value)
  }
}

/** The `Cookie` header of a jar. */
export const cookieHeader = (jar: Jar): string =>
  [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

/**
 * Signs in at the stub, which takes a code that says what its ID token has to say.
 *
 * @param claims - of the ID token, besides those that all have
 */
export async function signIn(agentUrl: string, claims: object = {}): Promise<Jar> {
  const jar: Jar = new Map()
  const { authorization_url } = await callAgent(agentUrl, ['POST', '/login/start'], jar)
  const form = answerAuthorization(String(authorization_url), claims)
  await callAgent(agentUrl, ['POST', '/login/end'], jar, form)
  return jar
}

/**
 * The response to an authorization request, without a visit to the stub.
 *
 * @param claims - of the ID token, besides those that all have
 */
export function answerAuthorization(
  authorizationUrl: string,
  claims: object = {},
): URLSearchParams {
  const { searchParams } = new URL(authorizationUrl)
  const answer = {
    ...claims,
    nonce: searchParams.get('nonce'),
    clientId: searchParams.get('client_id'),
  }
  const code = Buffer.from(JSON.stringify(answer)).toString('base64url')
  return new URLSearchParams({ state: searchParams.get('state') ?? '', code })
}

/** The `Cookie` headers of that many sessions, each with an access token of its own. */
export async function collectCookies(agentUrl: string, count: number): Promise<string[]> {
  const jar = await signIn(agentUrl)
  const cookies: string[] = []
  for (let index = 0; index < count; index += 1) {
    await callAgent(agentUrl, ['POST', '/refresh'], jar)
    cookies.push(cookieHeader(jar))
  }
  return cookies
}
