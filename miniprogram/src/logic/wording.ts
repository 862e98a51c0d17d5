// What two spellings of one name have in common: phones, tables and PDFs write one name in many ways.
const FILLERS = '\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u2800\\u3164\\uffa0'
const MARKS = '\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff'
const UNSEEN = new RegExp(`[${FILLERS}${MARKS}\\s]`, 'g')
const DOTS = /[•‧・∙⋅●․.。]/g

export const keyOf = (text: string) => text.normalize('NFKC').replace(UNSEEN, '').replace(DOTS, '·').toLowerCase()
export const named = (name: string, sought: string) => keyOf(name).includes(keyOf(sought))
