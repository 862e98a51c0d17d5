/** What a form still needs: of each field what is wrong, in words; falsy where it is in order. */
export type Needs = Record<string, string | false | 0 | null | undefined>

/** Only what is wrong. */
export function told(needs: Needs): Record<string, string> {
  return Object.fromEntries(Object.entries(needs).filter((one): one is [string, string] => Boolean(one[1])))
}
