// Why a connection failed, in words, from what Node says about it.
import { doctorCodes } from './finding.ts'
import type { Finding } from './finding.ts'

const certificateErrors: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
  SELF_SIGNED_CERT_IN_CHAIN: 'it comes from an authority that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT: 'its chain is not complete',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'it comes from an authority that this machine does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'it comes from an authority that this machine does not know, or the server sends no chain',
}

const reasons: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'the name cannot be looked up now',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to that host',
  ENOTFOUND: 'the name is not known',
  EPROTO: 'the other side does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the other side does not speak TLS',
  ETIMEDOUT: 'no answer in time',
  TimeoutError: 'no answer in time',
}

/** The code that Node gives an error, or one that led to it. */
export function codeOfError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause
  if (inner instanceof Error) return codeOfError(inner)
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.name
}

/** An error in words; the message of an error itself may quote anything. */
export function describeNetworkError(error: unknown): string {
  const code = codeOfError(error)
  const reason = reasons[code] ?? certificateErrors[code]
  return reason === undefined ? code : `${reason} (${code})`
}

/** Whether an error is about a certificate. */
export const isCertificateError = (error: unknown): boolean =>
  codeOfError(error) in certificateErrors

/** The finding for a certificate that was not accepted. */
export function untrustedCertificate(about: string, error: unknown): Finding {
  return {
    code: 'certificate_not_trusted',
    about,
    cause: `${doctorCodes.certificate_not_trusted} ${about}: ${describeNetworkError(error)}.`,
    mend: 'Serve a certificate for this name with its whole chain. Where it comes from an authority of your own, set NODE_EXTRA_CA_CERTS to the file with its certificate, for the handler too, or start Node with --use-system-ca.',
  }
}
