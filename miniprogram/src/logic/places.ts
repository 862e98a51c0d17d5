// Where taps lead.
export const TABS: readonly string[] = ['pages/home', 'pages/inbox', 'pages/mine']
export const goTo = (url: string) => {
  uni.navigateTo({ url })
}
export const switchTo = (url: string) => {
  uni.switchTab({ url })
}
export const replaceWith = (url: string) => {
  uni.reLaunch({ url })
}

/** Go back to where somebody came from; a page opened by its address has nothing behind it. */
export function goBack() {
  if (getCurrentPages().length > 1) uni.navigateBack()
  else switchTo('/pages/home')
}

/** The sign-in page, once, whoever asks how often. */
export function signInAgain() {
  const pages = getCurrentPages()
  if (pages[pages.length - 1]?.route !== 'pages/sign-in') replaceWith('/pages/sign-in')
}

const MINE: Record<string, string> = {
  community_registration: '/registrations/mine',
  service_record: '/volunteering/records',
  project_claim: '/projects/claims',
  attachment: '/volunteering/records',
  unit_registration: '/units/list',
  service_certificate: '/documents/certificates',
}
// What waits for whoever decides stands above the messages.
const ASKED = /[._](submitted|requested|disputed|held)$/
const DUE = /^claims\.delivered$|^(registrations|volunteering)\.deadline$/
const SETTLED_RECORD = /^volunteering\.record_(confirmed|voided|upheld|corrected)$/

/** Where a message leads: to its subject, and for whoever decides to what waits there. Undefined: nowhere further. */
export function placeOf(message: { kind: string; subject: string }): string | undefined {
  const [subject = '', id] = message.subject.split(':')
  if (subject === 'meeting') return `/meetings/meeting?id=${id}`
  if (message.kind === 'registrations.reported') return '/registrations/branch'
  if (message.kind === 'registrations.nudged') return '/registrations/find'
  if (subject === 'invitation') return `/registrations/invitation?id=${id}`
  if (message.kind === 'registrations.overdue') return '/registrations/overdue'
  if (subject === 'activity') return `/activities/activity?id=${id}`
  if (subject === 'service_project') return `/projects/project?id=${id}`
  if (subject === 'demand') return `/demands/demand?id=${id}`
  if (ASKED.test(message.kind) || DUE.test(message.kind)) return undefined
  if (SETTLED_RECORD.test(message.kind)) return `/volunteering/detail?id=${id}`
  if (message.kind === 'absences.alert') return `/branch/absences?branch=${id}`
  if (message.kind === 'conduct_feedback.due') return '/feedback/members'
  if (subject === 'conduct_feedback')
    return message.kind === 'conduct_feedback.handed_over' ? '/feedback/received' : '/feedback/mine'
  return MINE[subject]
}
