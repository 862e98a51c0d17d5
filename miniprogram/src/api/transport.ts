import { NoAnswer, type Transport } from '@app/api'

const PATIENCE_MS = 15_000

export const transport: Transport = ({ method, url, headers, body }) =>
  new Promise((resolve, reject) => {
    uni.request({
      url,
      method: method as UniApp.RequestOptions['method'],
      header: headers,
      data: body as UniApp.RequestOptions['data'],
      timeout: PATIENCE_MS,
      success: answer => resolve({ status: answer.statusCode, data: answer.data }),
      fail: () => reject(new NoAnswer()),
    })
  })

/** What stands before the paths of the API: nothing in a browser, the configured origin in WeChat. */
export const baseUrl: string =
  // #ifdef MP
  import.meta.env.VITE_API_ORIGIN ||
  // #endif
  ''
