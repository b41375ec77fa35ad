// Uploading a file with progress, which `fetch` cannot tell: with XMLHttpRequest beside the client.
import type { TokenHandlerClient } from '@token-handler/client'
import * as z from 'zod/mini'
import { ApiError } from './orders-api.ts'
import { apiUrl } from './settings.ts'

const receipt = z.object({ bytes: z.number(), sha256: z.string() })

/** What the API says about a file that has arrived. */
export type UploadReceipt = z.infer<typeof receipt>

/** Options of {@link uploadLabel}. */
export interface UploadOptions {
  readonly file: File
  /** Hears how much has been sent, from 0 to 1. */
  readonly onProgress: (share: number) => void
  readonly signal: AbortSignal
}

const uploadsUrl = `${apiUrl.replace(/\/$/, '')}/uploads`

/** Sends the file once; resolves with the answer, whatever its status. */
function send({ file, onProgress, signal }: UploadOptions): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', uploadsUrl)
    request.withCredentials = true
    request.setRequestHeader('token-handler-version', '1')
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(loaded / total))
    request.addEventListener('load', () => resolve(request))
    request.addEventListener('error', () => reject(new TypeError('The upload failed.')))
    request.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

/**
 * Uploads a file. The access token is made fresh before, so that a long upload is seldom refused at
 * its end; when it is, it is refreshed and sent once more.
 */
export async function uploadLabel(
  client: Pick<TokenHandlerClient<unknown>, 'ensureFresh' | 'refresh'>,
  options: UploadOptions,
): Promise<UploadReceipt> {
  await client.ensureFresh()
  let answer = await send(options)
  if (answer.status === 401) {
    await client.refresh()
    answer = await send(options)
  }
  if (answer.status !== 201) throw new ApiError(answer.status)
  return receipt.parse(JSON.parse(answer.responseText))
}
