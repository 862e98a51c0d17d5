import { createClient } from '@app/api'
import { token } from './token'
import { transport } from './transport'

let leave = () => token.clear()
/** What happens, beside forgetting the token, when the server no longer knows the session. */
export const onSessionEnd = (act: () => void) => {
  leave = () => {
    token.clear()
    act()
  }
}

/** Every call of the console goes through here. Raises ApiError, NoAnswer. */
export const api = createClient({
  baseUrl: '',
  transport,
  token: token.get,
  renew: async () => {
    leave()
    return false
  },
})
