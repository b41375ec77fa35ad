// The form that uploads a label, and how far it has come.
import { useMutation } from '@tanstack/react-query'
import { useTokenHandler } from '@token-handler/react'
import { useId, useRef, useState } from 'react'
import type { ReactElement } from 'react'
import { explainError } from '../explain-error.ts'
import { formatBytes } from '../format-bytes.ts'
import { uploadLabel } from '../upload-label.ts'
import type { UploadReceipt } from '../upload-label.ts'
import { FactList } from './fact-list.tsx'

export function LabelUpload(): ReactElement {
  const client = useTokenHandler()
  const id = useId()
  const [progress, setProgress] = useState(0)
  const cancelling = useRef(new AbortController())
  const upload = useMutation({
    mutationFn: (file: File) => {
      cancelling.current = new AbortController()
      setProgress(0)
      const { signal } = cancelling.current
      return uploadLabel(client, { file, signal, onProgress: setProgress })
    },
  })
  const wasCancelled = upload.error?.name === 'AbortError'

  return (
    <section className="card upload" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Your own label</h2>
      <div className="field">
        <label htmlFor={id}>Artwork</label>
        <input
          id={id}
          type="file"
          aria-describedby={`${id}-hint`}
          disabled={upload.isPending}
          onChange={({ currentTarget: { files } }) => {
            const [file] = files ?? []
            if (file !== undefined) upload.mutate(file)
          }}
        />
        <p className="field-hint" id={`${id}-hint`}>
          Any file; it is counted and hashed on its way, and not kept.
        </p>
      </div>
      {upload.isPending && (
        <div className="upload-progress">
          <label htmlFor={`${id}-progress`}>{Math.round(progress * 100)} % sent</label>
          <progress id={`${id}-progress`} max={1} value={progress} />
          <button
            className="button button-quiet"
            type="button"
            onClick={() => cancelling.current.abort()}
          >
            Cancel
          </button>
        </div>
      )}
      <div role="status">
        {upload.isSuccess && <Receipt receipt={upload.data} />}
        {wasCancelled && <p>Cancelled. Nothing was kept.</p>}
      </div>
      {upload.isError && !wasCancelled && (
        <p className="field-error" role="alert">
          The label did not arrive. {explainError(upload.error).title}.
        </p>
      )}
    </section>
  )
}

function Receipt({
  receipt: { bytes, sha256 },
}: {
  readonly receipt: UploadReceipt
}): ReactElement {
  return (
    <FactList
      facts={[
        ['Arrived', formatBytes(bytes)],
        ['SHA-256', sha256],
      ]}
    />
  )
}
