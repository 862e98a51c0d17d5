import { refusal } from '@app/api'
import { token } from './token'
import { transport } from './transport'

const headers = (): Record<string, string> => ({ Authorization: `Bearer ${token.get() ?? ''}` })

/** Send a form with a file in it; the typed client sends JSON alone. Raises ApiError, NoAnswer. */
export async function sendForm(url: string, form: FormData): Promise<unknown> {
  const { status, data } = await transport({ method: 'POST', url, headers: headers(), body: form })
  if (status >= 200 && status < 300) return data
  throw refusal(status, data)
}

/** Save what the server answers as a file of this name. */
export async function saveFile(url: string, name: string) {
  const answer = await fetch(url, { headers: headers() })
  if (!answer.ok) throw refusal(answer.status, await answer.json().catch(() => undefined))
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}
