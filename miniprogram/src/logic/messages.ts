import { useSession } from '@/stores/session'

/**
 * Ask WeChat for leave to send one message, where somebody wants to be told of an answer. Only within a tap, and only
 * of those who agreed to messages; whatever the answer, what the tap was for goes on.
 */
export function askForMessage(): Promise<void> {
  // #ifdef MP-WEIXIN
  const tmplIds = useSession().me?.message_templates ?? []
  if (tmplIds.length) return new Promise(resolve => uni.requestSubscribeMessage({ tmplIds, complete: () => resolve() }))
  // #endif
  return Promise.resolve()
}
