import { createClient } from '@app/api'
import { signInCode } from './sign-in-code'
import { token } from './token'
import { baseUrl, transport } from './transport'

/** Every call of the app goes through here. Raises ApiError, NoAnswer. */
export const api = createClient({ baseUrl, transport, token: token.get, renew })

let renewing: Promise<boolean> | undefined

/** Calls that fail together sign in again together, once. */
function renew(): Promise<boolean> {
  renewing ??= signInAgain().finally(() => {
    renewing = undefined
  })
  return renewing
}

async function signInAgain(): Promise<boolean> {
  token.clear()
  const code = await signInCode()
  if (!code) return false
  try {
    token.set((await api.post('/api/v1/sessions', { body: { code } })).token)
    return true
  } catch {
    return false
  }
}
