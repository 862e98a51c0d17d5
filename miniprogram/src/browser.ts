/* eslint-disable no-restricted-globals -- this file is for browsers alone; main.ts loads it nowhere else */

/** What the framework's browser build leaves out: keys do what taps do, and pictures beside words are silent. */
export function helpTheKeyboard() {
  document.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement
    if ((event.key === 'Enter' || event.key === ' ') && target.matches('[role=button], [role=radio], [role=checkbox]')) {
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
