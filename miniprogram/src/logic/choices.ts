/** Choices as they are listed. An object puts keys of digits alone before all others, however they were written. */
export function inOrder(options: Readonly<Record<string, string>>): [value: string, text: string][] {
  const all = Object.entries(options)
  const numbered = (value: string) => /^\d+$/.test(value)
  return [...all.filter(([value]) => !numbered(value)), ...all.filter(([value]) => numbered(value))]
}
