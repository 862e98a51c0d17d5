/** Ask before something that cannot be taken back; true when the person says yes. */
export function confirm(title: string, content: string, yes: string): Promise<boolean> {
  return new Promise(resolve => uni.showModal({
    title, content, confirmText: yes, cancelText: '不', success: answer => resolve(answer.confirm), fail: () => resolve(false),
  }))
}
