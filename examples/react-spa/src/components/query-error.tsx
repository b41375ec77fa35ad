// What a page shows instead of data that could not be loaded.
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { explainError } from '../explain-error.ts'
import { ActionButton } from './action-button.tsx'
import { Notice } from './notice.tsx'

interface QueryErrorProps {
  readonly query: Pick<UseQueryResult, 'error' | 'isFetching' | 'refetch'>
}

export function QueryError({ query }: QueryErrorProps): ReactElement {
  const { title, advice } = explainError(query.error)
  return (
    <Notice title={title} tone="failure">
      <p>{advice}</p>
      <ActionButton pending={query.isFetching} onClick={() => void query.refetch()}>
        {query.isFetching ? 'Trying…' : 'Try again'}
      </ActionButton>
    </Notice>
  )
}
