const plain = (text: string) => text.normalize('NFKC').replace(/[\s\u200b-\u200f\u2060\ufeff]/g, '').replace(/[•‧・．∙⋅.]/g, '·').toLowerCase()

/** Whether a name contains what was typed, however either is spelt: wide letters, spaces, the dots of long names. */
export const nameHolds = (name: string, sought: string): boolean => plain(name).includes(plain(sought))
