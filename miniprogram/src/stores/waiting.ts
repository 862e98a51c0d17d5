import type {
  AttachmentCase,
  Claim,
  Demand,
  LeaveOfMeeting,
  LinkApplication,
  Project,
  Registration,
  RegistrationRequest,
  ServiceRecord,
  TextCheck,
  UnitRegistration,
} from '@app/api'
import { api } from '@/api'

/** Everything that waits for this person's decision; what one has no say in comes back empty. */
export interface WaitingThings {
  registrations: Registration[]
  requests: RegistrationRequest[]
  serviceRecords: ServiceRecord[]
  claims: Claim[]
  delivered: Claim[]
  applications: LinkApplication[]
  textChecks: TextCheck[]
  attachments: AttachmentCase[]
  units: UnitRegistration[]
  leave: LeaveOfMeeting[]
  reviews: Project[]
  demands: Demand[]
}

const SHOWN = 50

export async function loadWaiting(): Promise<WaitingThings> {
  const [
    registrations,
    serviceRecords,
    claims,
    delivered,
    applications,
    textChecks,
    attachments,
    requests,
    units,
    leave,
    reviews,
    demands,
  ] = await ask({ limit: SHOWN })
  return {
    registrations: registrations.items,
    serviceRecords: serviceRecords.items,
    claims: claims.items,
    delivered: delivered.items,
    applications: applications.items,
    textChecks: textChecks.items,
    attachments: attachments.items,
    requests: requests.items,
    units: units.items,
    leave: leave.items,
    reviews: reviews.items,
    demands: demands.items,
  }
}

export async function countWaiting(): Promise<number> {
  const pages = await ask({ limit: 1, with_total: true })
  return pages.reduce((sum, page) => sum + (page.total ?? 0), 0)
}

function ask(page: { limit: number; with_total?: boolean }) {
  const submitted = { ...page, status: 'submitted' } as const
  const mine = { ...submitted, decidable: true }
  return Promise.all([
    api.get('/api/v1/registrations', { query: mine }),
    api.get('/api/v1/service-records', { query: { ...page, decidable: true } }),
    api.get('/api/v1/claims', { query: mine }),
    api.get('/api/v1/claims', { query: { ...mine, status: 'delivered' } }),
    api.get('/api/v1/link-applications', { query: { ...page, decidable: true } }),
    api.get('/api/v1/text-checks', { query: page }),
    api.get('/api/v1/attachments', { query: { ...page, decidable: true } }),
    api.get('/api/v1/registration-requests', { query: mine }),
    api.get('/api/v1/unit-registrations', { query: mine }),
    api.get('/api/v1/leave-requests', { query: mine }),
    api.get('/api/v1/projects', { query: { ...page, decidable: true } }),
    api.get('/api/v1/demands', { query: { ...page, decidable: true } }),
  ])
}
