import type { Claim, LinkApplication, Registration, ServiceRecord } from '@app/api'
import { api } from '@/api'

/** Everything that waits for a decision; lists one has no say in come back empty. */
export interface WaitingThings {
  registrations: Registration[]
  serviceRecords: ServiceRecord[]
  claims: Claim[]
  delivered: Claim[]
  applications: LinkApplication[]
}

const SHOWN = 50

export async function loadWaiting(): Promise<WaitingThings> {
  const query = { limit: SHOWN }
  const [registrations, serviceRecords, claims, delivered, applications] = await Promise.all([
    api.get('/api/v1/registrations', { query: { ...query, status: 'submitted' } }),
    api.get('/api/v1/service-records', { query: { ...query, status: 'submitted' } }),
    api.get('/api/v1/claims', { query: { ...query, status: 'submitted' } }),
    api.get('/api/v1/claims', { query: { ...query, status: 'delivered' } }),
    api.get('/api/v1/link-applications', { query: { ...query, status: 'submitted' } }),
  ])
  return { registrations: registrations.items, serviceRecords: serviceRecords.items, claims: claims.items, delivered: delivered.items, applications: applications.items }
}

export async function countWaiting(): Promise<number> {
  const query = { limit: 1, with_total: true } as const
  const pages = await Promise.all([
    api.get('/api/v1/registrations', { query: { ...query, status: 'submitted' } }),
    api.get('/api/v1/service-records', { query: { ...query, status: 'submitted' } }),
    api.get('/api/v1/claims', { query: { ...query, status: 'submitted' } }),
    api.get('/api/v1/claims', { query: { ...query, status: 'delivered' } }),
    api.get('/api/v1/link-applications', { query: { ...query, status: 'submitted' } }),
  ])
  return pages.reduce((sum, page) => sum + (page.total ?? 0), 0)
}
