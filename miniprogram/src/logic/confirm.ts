import { useAsking } from '@/stores/asking'

/** Ask before something that cannot be taken back; `yes` is the whole deed (`结束会议`). True when the person says yes. */
export const confirm = (title: string, content: string, yes: string, no = '取消'): Promise<boolean> =>
  useAsking().ask({ title, content, yes, no })
