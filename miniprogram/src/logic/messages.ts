import type { Me } from '@app/api'
import { api } from '@/api'
import { newKey } from '@/api/key'
import { useSession } from '@/stores/session'

type Template = Me['message_templates'][number]['template']
type Answer = 'accept' | 'reject' | 'ban' | 'filter'

const idOf = (template: Template) => useSession().me?.message_templates.find(one => one.template === template)?.id

/** Whether WeChat could be asked: it is there, and this person agreed to messages. */
export function canAsk(template: Template): boolean {
  // #ifdef MP-WEIXIN
  if (idOf(template)) return true
  // #endif
  return false
}

/**
 * Ask WeChat for leave to send one message of each kind, where somebody wants to be told of an answer. Only within a
 * tap, and only of those who agreed to messages; whatever the answer, what the tap was for goes on.
 */
export async function askForMessage(...templates: Template[]): Promise<void> {
  // #ifdef MP-WEIXIN
  const asked = templates
    .map(template => ({ template, id: idOf(template) }))
    .filter((one): one is { template: Template; id: string } => Boolean(one.id))
  if (!asked.length) return
  const answers = await new Promise<Record<string, string>>(resolve =>
    uni.requestSubscribeMessage({
      tmplIds: [...new Set(asked.map(one => one.id))],
      complete: answer => resolve(answer as unknown as Record<string, string>),
    }),
  )
  const given = asked
    .filter(one => answers[one.id])
    .map(one => ({ template: one.template, answer: answers[one.id] as Answer }))
  if (given.length)
    void api.post('/api/v1/me/message-grants', { body: { answers: given }, key: newKey() }).catch(() => undefined)
  // #endif
}
