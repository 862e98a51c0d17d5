/** What stands at a place of a tree as it is drawn: how deep, and whether it is open; undefined: nothing is below. */
export interface Shown {
  level: number
  open: boolean | undefined
}
export type Step = { to: number } | 'open' | 'close'

/** What a key does at a place of a tree, by the pattern that readers of screens know; undefined: nothing. */
export function stepOf(key: string, shown: readonly Shown[], at: number): Step | undefined {
  const here = shown[at]
  if (!here) return undefined
  const to = (place: number): Step | undefined => (shown[place] ? { to: place } : undefined)
  switch (key) {
    case 'ArrowDown':
      return to(at + 1)
    case 'ArrowUp':
      return to(at - 1)
    case 'Home':
      return to(0)
    case 'End':
      return to(shown.length - 1)
    case 'ArrowRight':
      if (here.open === false) return 'open'
      return here.open && shown[at + 1]?.level === here.level + 1 ? to(at + 1) : undefined
    case 'ArrowLeft':
      if (here.open) return 'close'
      return to(
        shown
          .slice(0, at)
          .map(one => one.level < here.level)
          .lastIndexOf(true),
      )
    default:
      return undefined
  }
}
