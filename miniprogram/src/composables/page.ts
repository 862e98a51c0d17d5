import { onHide, onLoad, onPullDownRefresh, onShow } from '@dcloudio/uni-app'
import { ref } from 'vue'
import { token } from '@/api/token'
import { pageProblemOf, type Problem } from '@/logic/problems'
import { leaves } from '@/logic/leaving'
import { signInAgain } from '@/logic/places'
import { useSession } from '@/stores/session'

export type Query = Record<string, string | undefined>

/**
 * A page's life: one round of calls before it shows, again in silence whenever it comes back into view, again on a
 * pull. What was shown stays when a later round fails.
 */
export function usePage(load: (query: Query) => Promise<unknown>) {
  const phase = ref<'loading' | 'ready' | 'failed'>('loading')
  const problem = ref<Problem>()
  let query: Query = {}
  let running: Promise<void> | undefined
  let again = false
  let inFront = false

  async function run() {
    if (!token.get()) return signInAgain()
    try {
      // Who is signed in says how large type is, whichever page somebody comes in by.
      await Promise.all([load(query), useSession().ensure()])
      phase.value = 'ready'
      problem.value = undefined
    } catch (error) {
      if (leaves(error)) return
      problem.value = pageProblemOf(error)
      if (phase.value !== 'ready') phase.value = 'failed'
    }
  }
  /** What is asked for during a round may have changed since it began: then there is one more. */
  async function rounds() {
    do {
      again = false
      await run()
    } while (again)
  }
  function reload() {
    again = Boolean(running)
    return (running ??= rounds().finally(() => {
      running = undefined
    }))
  }
  /** Something changed: a page that lies behind another loads when it comes back anyway. */
  function refresh() {
    if (inFront) void reload()
  }
  function retry() {
    phase.value = 'loading'
    return reload()
  }
  onLoad(given => {
    query = decoded(given)
  })
  onShow(() => {
    inFront = true
    return reload()
  })
  onHide(() => {
    inFront = false
  })
  onPullDownRefresh(async () => {
    await reload()
    uni.stopPullDownRefresh()
  })
  return { phase, problem, reload, refresh, retry }
}

export type PageLife = ReturnType<typeof usePage>

/** A browser hands over decoded values, WeChat the address as it was written. */
export function decoded(given: Query | undefined): Query {
  return Object.fromEntries(Object.entries(given ?? {}).map(([name, value]) => [name, value && safelyDecoded(value)]))
}

function safelyDecoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
