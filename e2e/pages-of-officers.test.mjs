// The pages of everybody who is not a plain member: secretaries, a unit's contact, officers and a resident.
import { PAGES } from './pages.mjs'
import { lookAtPagesOf } from './walk.mjs'

lookAtPagesOf(Object.keys(PAGES).filter(name => name !== '陈丽华'))
