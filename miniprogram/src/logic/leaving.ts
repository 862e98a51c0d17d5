import { ApiError } from '@app/api'
import { replaceWith, signInAgain } from './places'

/** Some refusals are not this page's: they lead to where they can be put right. */
export function leaves(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  if (error.status === 401) signInAgain()
  else if (error.code === 'consent_required') replaceWith('/pages/consent')
  else if (error.code === 'member_link_required') replaceWith('/pages/member-link')
  else return false
  return true
}
