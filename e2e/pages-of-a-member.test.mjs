// The pages of a member: half of all there are.
import { lookAtPagesOf } from './walk.mjs'

lookAtPagesOf(['陈丽华'])
