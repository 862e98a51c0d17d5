import type { components } from '@app/api'
import { word } from '@app/words'

type Import = components['schemas']['ImportOut']

export const TARGETS: Record<string, string> = {
  members: '党员名册',
  organizations: '党组织',
  units: '单位',
  divisions: '行政区划',
  appointments: '任职名单',
}
export const STEPS = ['选择文件', '对应列', '核对内容', '写入'] as const

export const STATES: Record<Import['status'], { step: number; word: ReturnType<typeof word> }> = {
  reading: { step: 1, word: word('正在读取', 'wait') },
  columns: { step: 1, word: word('等待对应列', 'warn') },
  checking: { step: 2, word: word('正在核对', 'wait') },
  ready: { step: 2, word: word('等待写入', 'warn') },
  committing: { step: 3, word: word('正在写入', 'wait') },
  committed: { step: 3, word: word('已写入', 'good') },
  undoing: { step: 3, word: word('正在撤回', 'wait') },
  undone: { step: 3, word: word('已撤回', 'plain') },
  discarded: { step: 2, word: word('已放弃', 'plain') },
  failed: { step: 1, word: word('没有读成', 'warn') },
}
/** What the worker does meanwhile: the page asks again. */
export const UNDER_WAY: readonly Import['status'][] = ['reading', 'checking', 'committing', 'undoing']

export const CHANGES = { problem: '有问题', new: '新增', changed: '变更', left: '不在表中', same: '无变化' } as const
export type Change = keyof typeof CHANGES
export const CHANGE_NOTES: Record<Change, string> = {
  problem: '这些行不会写入。可以在文件中改好，再导入一次。',
  new: '现在还没有的。',
  changed: '划线的是现在的内容，下面是文件中的内容。',
  left: '现在有、文件中没有的。导入不会删除它们。',
  same: '与现在一致，不会改动。',
}
