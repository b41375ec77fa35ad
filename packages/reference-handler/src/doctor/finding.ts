// What the doctor says: findings, each with its cause and its mend, and notes on what could not be checked.

/** Every code of a finding, and what it means in a few words. Each has a page in docs/errors. */
export const doctorCodes = {
  agent_not_found: 'No agent answers at this URL.',
  agent_redirects: 'The agent’s URL leads to another one.',
  answers_cached: 'A cache answers for the agent.',
  cache_control_stripped: 'The agent’s answers arrive without Cache-Control: no-store.',
  certificate_expires: 'A certificate is about to expire.',
  certificate_not_trusted: 'A certificate is not trusted.',
  client_refused: 'The authorization server refuses the client.',
  clock_off: 'Two clocks differ.',
  configuration_mistake: 'The configuration has a mistake.',
  cookie_changed: 'The cookies arrive with other attributes than the agent gives them.',
  cookie_stripped: 'Cookies do not reach the agent.',
  cookies_too_large: 'The tokens do not fit into cookies.',
  cors_headers_changed: 'CORS headers are not those of the handler.',
  cors_headers_missing: 'CORS headers do not arrive.',
  cors_headers_repeated: 'A CORS header arrives more than once.',
  different_cookie_secrets: 'Instances have different cookie secrets.',
  device_binding_refused: 'Something refuses what browsers send to prove their device.',
  error_answers_replaced: 'Something replaces the agent’s error answers.',
  header_limit: 'Requests with many cookies are refused.',
  headers_not_exposed: 'Pages cannot read headers that they need.',
  insecure_cookies: 'Browsers keep no secure cookies of this URL.',
  issuer_mismatch: 'The authorization server calls itself otherwise.',
  metadata_status: 'There is no metadata at the issuer’s URL.',
  metadata_unreachable: 'The authorization server’s metadata cannot be fetched.',
  metadata_unusable: 'The authorization server’s metadata cannot be used.',
  no_connection: 'The agent cannot be reached.',
  origin_not_trusted: 'The agent does not trust the page’s origin.',
  origin_stripped: 'The header Origin does not reach the agent.',
  other_site: 'Page and agent are on different sites.',
  path_prefix_stripped: 'A gateway takes the path of the agent away.',
  pkce_not_listed: 'The metadata does not list S256.',
  preflight_refused: 'Preflights are not answered as browsers need it.',
  redirect_uri_refused: 'The authorization server refuses the redirect URI.',
  request_refused: 'The authorization server refuses the authorization request.',
  route_not_found: 'The proxy does not answer at the API’s URL.',
  scheme_mismatch: 'Page and agent have different schemes.',
  set_cookie_stripped: 'The agent’s cookies do not arrive.',
  sign_in_cannot_start: 'The agent cannot start a sign-in.',
  sign_in_failed: 'A sign-in fails.',
  token_endpoint_failed: 'The token endpoint gives no usable answer.',
  upstream_speaks_tls: 'An upstream speaks TLS where plain http is configured.',
  upstream_unreachable: 'An upstream cannot be reached.',
  version_header_added: 'Something adds the version header.',
  version_header_stripped: 'The version header does not reach the agent.',
} as const

/** The code of a finding. */
export type DoctorCode = keyof typeof doctorCodes

/** Something that is wrong. Holds no secret, token, code or cookie value. */
export interface Finding {
  readonly code: DoctorCode
  /** What it is about: a URL or a setting. */
  readonly about: string
  /** What was seen. */
  readonly cause: string
  /** What to do. */
  readonly mend: string
}

/** What was found. */
export interface Report {
  readonly findings: readonly Finding[]
  /** What could not be checked, and why; and what was measured. */
  readonly notes: readonly string[]
}

/** The report of several examinations; what was found twice counts once. */
export function joinReports(reports: readonly Report[]): Report {
  const findings = new Map<string, Finding>()
  for (const finding of reports.flatMap((report) => report.findings)) {
    findings.set(JSON.stringify(finding), finding)
  }
  return {
    findings: [...findings.values()],
    notes: [...new Set(reports.flatMap((report) => report.notes))],
  }
}
