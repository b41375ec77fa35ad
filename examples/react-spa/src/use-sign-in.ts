// Starting a sign-in from a component, with its pending and its error state.
import { useMutation } from '@tanstack/react-query'
import type { UseMutationResult } from '@tanstack/react-query'
import { useTokenHandler } from '@token-handler/react'
import { useEffect } from 'react'

/**
 * A mutation that leaves for the authorization server.
 *
 * @param returnTo - where to be after the sign-in; the current page by default
 */
export function useSignIn(returnTo?: string): UseMutationResult<never, Error, void> {
  const client = useTokenHandler()
  const signIn = useMutation({
    mutationFn: () => client.login(returnTo === undefined ? {} : { returnTo }),
  })
  const { reset } = signIn
  useEffect(() => {
    // Who presses "back" at the authorization server finds this page in the middle of leaving.
    const resetWhenRestored = (event: PageTransitionEvent): void => {
      if (event.persisted) reset()
    }
    window.addEventListener('pageshow', resetWhenRestored)
    return () => window.removeEventListener('pageshow', resetWhenRestored)
  }, [reset])
  return signIn
}
