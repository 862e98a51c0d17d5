import { refusal } from '@app/api'
import { prove, settled } from './proof'
import { token } from './token'

export const bearer = (held: string | undefined): Record<string, string> =>
  held ? { Authorization: `Bearer ${held}` } : {}

interface Answer {
  status: number
  data: unknown
}
let leave = () => token.clear()
/** What happens, beside forgetting the token, when the server no longer knows the session. */
export const onSessionEnd = (act: () => void) => {
  leave = () => {
    token.clear()
    act()
  }
}

/**
 * What the server answers to any call, once it is as final as it gets: where it must be proven anew who sits there,
 * that is asked and the call sent again, with the token of then. Refused, it changed nothing: it may be sent twice.
 */
export async function answered<T extends Answer>(send: (own: Record<string, string>) => Promise<T>): Promise<T> {
  let answer = await send(own())
  if (codeOf(answer) === 'reauthentication_required' && (await prove())) answer = await send(own())
  // By its code: a wrong password is 401, too.
  if (codeOf(answer) === 'not_signed_in' && token.get()) {
    settled(false)
    leave()
  }
  return answer
}

const own = () => bearer(token.get())
const codeOf = ({ status, data }: Answer) => (status < 400 ? '' : refusal(status, data).code)
