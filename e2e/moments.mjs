// Days and hours in Shanghai, for forms filled by tests.
const AHEAD_MS = 8 * 3600_000
const wall = ms => new Date(Date.now() + AHEAD_MS + ms).toISOString()

export const day = (days = 0) => wall(days * 86_400_000).slice(0, 10)

/** A meeting that has begun and is still on, within one day: around midnight as much of it as fits. */
export function meetingNow() {
  const date = day()
  const from = wall(-5 * 60_000)
  const to = wall(60 * 60_000)
  return {
    date,
    from: from.slice(0, 10) === date ? from.slice(11, 16) : '00:00',
    to: to.slice(0, 10) === date ? to.slice(11, 16) : '23:59',
  }
}
