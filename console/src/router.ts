import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { onSessionEnd } from '@/api/answered'
import { token } from '@/api/token'
import { session } from '@/session/session'
import { home } from '@/shell/navigation'

// Each capability is a chunk of its own: a secretary never loads the officer's pages.
const pages: RouteRecordRaw[] = [
  { path: '', redirect: () => home() },
  { path: 'nothing', component: () => import('@/shell/NothingHere.vue'), meta: { title: '首页' } },
  {
    path: 'organizations',
    component: () => import('@/organizations/OrganizationsPage.vue'),
    meta: { title: '党组织' },
  },
  {
    path: 'organizations/:id(\\d+)',
    component: () => import('@/organizations/OrganizationPage.vue'),
    props: true,
    meta: { title: '党组织' },
  },
  { path: 'units', component: () => import('@/units/UnitsPage.vue'), meta: { title: '单位' } },
  {
    path: 'units/:id(\\d+)',
    component: () => import('@/units/UnitPage.vue'),
    props: true,
    meta: { title: '单位' },
  },
  { path: 'members', component: () => import('@/members/MembersPage.vue'), meta: { title: '党员名册' } },
  {
    path: 'members/:id(\\d+)',
    component: () => import('@/members/MemberPage.vue'),
    props: true,
    meta: { title: '党员名册' },
  },
  { path: 'imports', component: () => import('@/imports/ImportsPage.vue'), meta: { title: '批量导入' } },
  {
    path: 'imports/:id(\\d+)',
    component: () => import('@/imports/ImportPage.vue'),
    props: true,
    meta: { title: '批量导入' },
  },
  { path: 'appointments', component: () => import('@/appointments/AppointmentsPage.vue'), meta: { title: '任职' } },
  { path: 'staff-accounts', component: () => import('@/staff/StaffPage.vue'), meta: { title: '工作账号' } },
  { path: 'opening', component: () => import('@/opening/OpeningPage.vue'), meta: { title: '开通情况' } },
  { path: 'audit', component: () => import('@/audit/AuditPage.vue'), meta: { title: '审计日志' } },
  { path: 'devices', component: () => import('@/devices/DevicesPage.vue'), meta: { title: '登录的设备' } },
  { path: ':missing(.*)*', component: () => import('@/shell/NotFoundPage.vue'), meta: { title: '没有这个页面' } },
]

export const router = createRouter({
  history: createWebHistory('/console/'),
  routes: [
    { path: '/sign-in', component: () => import('@/session/SignInPage.vue'), meta: { open: true, title: '登录' } },
    { path: '/consent', component: () => import('@/session/ConsentPage.vue'), meta: { title: '告知书' } },
    { path: '/', component: () => import('@/shell/AppShell.vue'), children: pages },
  ],
})

/** Leads back to where somebody was when the session ended. */
const signIn = (from: string) => ({ path: '/sign-in', query: from === '/' ? {} : { to: from } })

router.beforeEach(async to => {
  if (to.meta.open) return true
  if (!token.get()) return signIn(to.fullPath)
  const me = session.me.value ?? (await session.load().catch(() => undefined))
  if (!me) return signIn(to.fullPath)
  if (me.consent.required && to.path !== '/consent') return { path: '/consent', query: { to: to.fullPath } }
  return true
})
router.afterEach((to, from) => {
  document.title = `${String(to.meta.title ?? '')} · 城市基层党建工作台`
  // A reader begins at the top of the new page, not at the link that led there.
  if (from.matched.length && to.path !== from.path) document.getElementById('content')?.focus()
})
onSessionEnd(() => {
  if (router.currentRoute.value.path !== '/sign-in') void router.replace(signIn(router.currentRoute.value.fullPath))
})
