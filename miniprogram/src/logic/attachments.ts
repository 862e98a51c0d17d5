import { NoAnswer, type Attachment } from '@app/api'
import { api } from '@/api'
import { baseUrl } from '@/api/transport'
import type { LocalFile } from '@/api/upload'
// #ifdef H5
import { atOrigin, download } from '@/browser'
// #endif

export const MOST_ATTACHMENTS = 9

/** Let somebody choose pictures, from the album or the camera; none when they change their mind. */
export function choosePictures(count: number): Promise<LocalFile[]> {
  return new Promise(resolve =>
    uni.chooseImage({
      count,
      sizeType: ['compressed'],
      success: ({ tempFilePaths }) =>
        resolve([tempFilePaths].flat().map((path, index) => ({ path, name: `图片${index + 1}.jpg` }))),
      fail: () => resolve([]),
    }),
  )
}

interface OfWechat {
  chooseMessageFile: (given: {
    count: number
    type: 'file'
    success: (chosen: { tempFiles: LocalFile[] }) => void
    fail: () => void
  }) => void
}

/** Let somebody choose a document: in WeChat out of a chat, in a browser from the disk. */
export function chooseDocument(): Promise<LocalFile[]> {
  // #ifdef MP-WEIXIN
  return new Promise(resolve =>
    (uni as unknown as OfWechat).chooseMessageFile({
      count: 1,
      type: 'file',
      success: ({ tempFiles }) => resolve(tempFiles.map(({ path, name }) => ({ path, name }))),
      fail: () => resolve([]),
    }),
  )
  // #endif
  // #ifndef MP-WEIXIN
  return new Promise(resolve =>
    uni.chooseFile({
      count: 1,
      success: ({ tempFiles }) =>
        resolve(([tempFiles].flat() as unknown as LocalFile[]).map(({ path, name }) => ({ path, name }))),
      fail: () => resolve([]),
    }),
  )
  // #endif
}

/** Open a file through an address that holds for minutes. Raises ApiError, NoAnswer. */
export async function openAttachment(one: Attachment): Promise<void> {
  const { url } = await api.get('/api/v1/attachments/{attachment_id}', { path: { attachment_id: one.id } })
  if (!url) return
  const address = addressOf(url)
  if (one.kind === 'image') uni.previewImage({ urls: [address] })
  else await openDocument(address, one.name)
}

/** Open a paper through an address just handed out. */
export function openPaper({ url }: { url: string }, name: string): Promise<void> {
  return openDocument(addressOf(url), `${name}.pdf`)
}

function addressOf(url: string): string {
  // #ifdef H5
  if (url.startsWith('/')) return atOrigin(url) // or the framework puts it below the app
  // #endif
  return url.startsWith('/') ? `${baseUrl}${url}` : url
}

/** In WeChat fetched and shown there; raises NoAnswer when it could not be fetched. */
function openDocument(address: string, name: string): Promise<void> {
  // #ifdef MP-WEIXIN
  const fileType = name.split('.').pop() as 'pdf'
  return new Promise((resolve, reject) => {
    const fail = () => reject(new NoAnswer())
    uni.downloadFile({
      url: address,
      success: ({ statusCode, tempFilePath }) =>
        statusCode === 200
          ? uni.openDocument({ filePath: tempFilePath, fileType, showMenu: true, success: () => resolve(), fail })
          : fail(),
      fail,
    })
  })
  // #endif
  // #ifndef MP-WEIXIN
  download(address)
  return Promise.resolve()
  // #endif
}

/** `走访照片.jpg · 1.2 MB`. */
export function sizeOf(one: Attachment): string {
  return one.size < 1024 * 1024
    ? `${Math.max(1, Math.round(one.size / 1024))} KB`
    : `${(one.size / 1024 / 1024).toFixed(1)} MB`
}
