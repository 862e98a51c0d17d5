import { NoAnswer, refusal } from '@app/api'
import { answered } from './answered'
import { transport } from './transport'

/** Send a form with a file in it; the typed client sends JSON alone. Raises ApiError, NoAnswer. */
export async function sendForm(url: string, form: FormData): Promise<unknown> {
  const { status, data } = await transport({ method: 'POST', url, headers: {}, body: form })
  if (status >= 200 && status < 300) return data
  throw refusal(status, data)
}

/** Save what the server answers as a file of this name. Raises ApiError, NoAnswer. */
export async function saveFile(url: string, name: string) {
  const { status, data } = await answered(headers => fetched(url, headers))
  if (!(data instanceof Blob)) throw refusal(status, data)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(data)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}

async function fetched(url: string, headers: Record<string, string>) {
  try {
    const answer = await fetch(url, { headers })
    const data: unknown = answer.ok ? await answer.blob() : await answer.json().catch(() => undefined)
    return { status: answer.status, data }
  } catch {
    throw new NoAnswer()
  }
}
