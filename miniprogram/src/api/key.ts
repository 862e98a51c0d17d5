/** A new Idempotency-Key. WeChat has no `crypto`; the server asks only that an account's keys differ. */
export function newKey(): string {
  const part = () => Math.random().toString(36).slice(2, 12).padEnd(10, '0')
  return `${Date.now().toString(36)}-${part()}${part()}`
}
