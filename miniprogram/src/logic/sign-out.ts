import { useChosen } from '@/stores/chosen'
import { useHome } from '@/stores/home'
import { usePending } from '@/stores/pending'
import { useSession } from '@/stores/session'
import { replaceWith } from './places'

/** Send what still waits for an undo, in the name of who decided it; then forget everything of this person. */
export async function signOut() {
  await usePending().sendAll()
  await useSession()
    .signOut()
    .catch(() => undefined) // the phone forgets, whether or not the server could be told
  for (const store of [usePending(), useHome(), useChosen()]) store.$reset()
  replaceWith('/pages/sign-in')
}
