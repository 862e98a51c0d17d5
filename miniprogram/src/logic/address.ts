// #ifdef H5
import { addressHere, writeAddress } from '@/browser'
// #endif

/** A page's address with these choices in it; an empty one is left out, what else stands there stays. */
export function addressWith(address: string, choices: Record<string, string>): string {
  const [path = '', query = ''] = address.split('?')
  const kept = query.split('&').filter(part => part && !(decodeURIComponent(part.split('=')[0] ?? '') in choices))
  const chosen = Object.entries(choices)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  const all = [...kept, ...chosen].join('&')
  return all ? `${path}?${all}` : path
}

/** Write the choices into the address of the page in front, as no step of its own. */
export function keepInAddress(choices: Record<string, string>) {
  // #ifdef H5
  writeAddress(addressWith(addressHere(), choices))
  // #endif
  // #ifndef H5
  const pages = getCurrentPages()
  const page = pages[pages.length - 1] as unknown as { options?: Record<string, string> } | undefined
  if (page) page.options = { ...page.options, ...choices }
  // #endif
}
