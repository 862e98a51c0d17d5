/** What a console shows as a code to scan is the code, or an address that has it as `code`. */
export function codeOf(scanned: string): string {
  const text = scanned.trim()
  const inAddress = /[?&]code=([^&#\s]+)/.exec(text)
  return inAddress?.[1] ?? text
}

/** Whether it can be one: what is something else altogether need not be asked for. */
export const looksLikeCode = (code: string) => /^[\w-]{40,100}$/.test(code)
