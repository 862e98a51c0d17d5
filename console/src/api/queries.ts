import { ApiError } from '@app/api'
import { QueryClient } from '@tanstack/vue-query'

/** Reads are kept half a minute; a refusal is final, a lost connection is tried again once. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => count < 1 && !(error instanceof ApiError),
      refetchOnWindowFocus: true,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})
