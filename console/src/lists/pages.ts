import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, reactive, type Ref } from 'vue'

interface Page<Row> {
  items: Row[]
  next_cursor: string | null
  total?: number | null
}
export interface Paging {
  cursor?: string
  limit: number
  with_total: boolean
}
const PAGE = 50
const AGAIN_MS = 1200

/** A list that comes page by page, as a page draws it; `asked` is all that its answer depends on. */
export function usePages<Row, Asked>(
  name: string,
  asked: Ref<Asked>,
  fetch: (asked: Asked, page: Paging) => Promise<Page<Row>>,
) {
  const key = computed(() => JSON.stringify(asked.value))
  const query = useInfiniteQuery({
    queryKey: [name, key],
    queryFn: ({ pageParam }) =>
      fetch(asked.value, { ...(pageParam && { cursor: pageParam }), limit: PAGE, with_total: !pageParam }),
    initialPageParam: '',
    getNextPageParam: last => last.next_cursor ?? undefined,
  })
  return reactive({
    rows: computed(() => query.data.value?.pages.flatMap(one => one.items) ?? []),
    total: computed(() => query.data.value?.pages[0]?.total ?? undefined),
    pending: query.isPending,
    error: query.error,
    more: query.hasNextPage,
    busy: query.isFetchingNextPage,
    next: () => query.fetchNextPage(),
    again: () => void query.refetch(),
  })
}

/** One thing, as a page draws it; asked for again while something is under way with it. */
export function useEntry<Row>(
  name: string,
  id: Ref<unknown>,
  fetch: () => Promise<Row>,
  underWay: (row: Row) => boolean = () => false,
) {
  const query = useQuery({
    queryKey: [name, 'one', id],
    queryFn: fetch,
    refetchInterval: now => now.state.data !== undefined && underWay(now.state.data as Row) && AGAIN_MS,
  })
  return reactive({
    row: query.data,
    pending: query.isPending,
    error: query.error,
    again: () => void query.refetch(),
  })
}
