/* eslint-disable no-restricted-globals -- this file is for browsers alone; main.ts loads it nowhere else */

/** What the framework's browser build leaves out: keys do what taps do, and pictures beside words are silent. */
export function helpTheKeyboard() {
  document.addEventListener('keydown', event => {
    const target = event.target as HTMLElement
    if (
      (event.key === 'Enter' || event.key === ' ') &&
      target.matches('[role=button], [role=radio], [role=checkbox]')
    ) {
      event.preventDefault()
      target.click()
    }
  })
  new MutationObserver(() => {
    document.querySelectorAll('img:not([alt])').forEach(picture => picture.setAttribute('alt', ''))
  }).observe(document.body, { childList: true, subtree: true })
}

/** The server says that it is a file to keep: the page stays where it is. */
export const download = (address: string) => location.assign(address)

export const atOrigin = (path: string) => `${location.origin}${path}`

/**
 * Show something and put the keyboard there: into its first field, else onto its first choice. Of what is longer than
 * there is room, such as a list of people to choose from, the beginning is shown.
 */
export function comeTo(place: HTMLElement) {
  place.scrollIntoView({ block: place.offsetHeight > innerHeight / 2 ? 'start' : 'center' })
  const inner = place.querySelector<HTMLElement>(
    'input, textarea, [role=radio], [role=checkbox], [role=button], uni-button',
  )
  inner?.focus({ preventScroll: true })
}

const REACHED = 'uni-button, [tabindex="0"], input, textarea'

/**
 * Keep the keyboard within `box` until released; then it goes back to where it was. A page that is not in front is
 * left alone.
 */
export function holdFocus(box: HTMLElement, leave: () => void): (() => void) | undefined {
  const choices = () => Array.from(box.querySelectorAll<HTMLElement>(REACHED))
  if (!choices()[0]?.getClientRects().length) return undefined
  const before = document.activeElement as HTMLElement | null
  const turn = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return leave()
    if (event.key !== 'Tab') return
    event.preventDefault()
    const all = choices()
    const next = all.indexOf(document.activeElement as HTMLElement) + (event.shiftKey ? -1 : 1)
    all[(next + all.length) % all.length]?.focus()
  }
  document.addEventListener('keydown', turn)
  choices()[0]!.focus()
  return () => {
    document.removeEventListener('keydown', turn)
    before?.focus()
  }
}

export const addressHere = () => location.hash.slice(1)

/**
 * Another address for the page in front, as no step of its own. The router keeps a copy, which it writes back when
 * somebody goes on.
 */
export function writeAddress(current: string) {
  history.replaceState({ ...(history.state as object), current }, '', `#${current}`)
}

interface Route {
  path: string
  alias?: string
}

/** Call `lost` whenever the address names a page that does not exist, at the start and when it is changed by hand. */
export function watchAddresses(lost: () => void) {
  const known = (path: string) =>
    (window as unknown as { __uniRoutes: Route[] }).__uniRoutes.some(one => one.path === path || one.alias === path)
  const look = () => {
    const path = location.hash.slice(1).split('?')[0] || '/'
    if (!known(path)) lost()
  }
  addEventListener('hashchange', look)
  setTimeout(look)
}

/** Load the app anew, if there is any network to load it from; else what is shown is better than nothing. */
export async function loadAnew(): Promise<boolean> {
  try {
    await fetch(location.pathname, { method: 'HEAD', cache: 'no-store' })
  } catch {
    return false
  }
  location.reload()
  return true
}

/** How large the framework's own bars are to write. */
export const scaleBars = (type: number) => document.documentElement.style.setProperty('--type', String(type))
