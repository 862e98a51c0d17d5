import { NoAnswer, refusal, type Attachment } from '@app/api'
import { api } from '.'
import { token } from './token'
import { baseUrl } from './transport'

const PATIENCE_MS = 60_000

/** A file on the phone. WeChat's path of it says nothing: what it is called comes along. */
export interface LocalFile {
  path: string
  name: string
}

/** Send one file. Raises ApiError, NoAnswer. */
export async function upload(file: LocalFile): Promise<Attachment> {
  try {
    return await once(file)
  } catch (error) {
    if (!(error instanceof Error && 'status' in error && error.status === 401)) throw error
    await api.get('/api/v1/me') // renews the session, or leads to the sign-in page
    return once(file)
  }
}

function once(file: LocalFile): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    uni.uploadFile({
      url: `${baseUrl}/api/v1/attachments`,
      filePath: file.path,
      name: 'file',
      formData: { name: file.name },
      header: { Authorization: `Bearer ${token.get()}` },
      timeout: PATIENCE_MS,
      success: answer => {
        const data = parsed(answer.data)
        if (answer.statusCode === 201) resolve(data as Attachment)
        else reject(refusal(answer.statusCode, data))
      },
      fail: () => reject(new NoAnswer()),
    })
  })
}

/** Both platforms hand over the body as text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
