import type { Cell } from '@app/api'

/** `66.7%`: the server has rounded, nothing here does. */
export const percent = (rate: number) => `${(rate * 100).toFixed(1)}%`

/** What lies below an area, as its code says: a city has districts, a district streets, a street communities. */
export function below(code: string): string | undefined {
  if (code.length === 6) return code.endsWith('00') ? '各区' : '各街道'
  return code.length === 9 ? '各社区' : undefined
}

/** A cell in words. Hidden ones say so: fewer than five are nobody's statistics. */
export function rateWords(cell: Pick<Cell, 'subjects' | 'met' | 'exempt' | 'rate'>): { share: string; count: string } {
  if (cell.subjects === null || cell.met === null || cell.exempt === null)
    return { share: '不显示', count: '少于5个，不单独统计' }
  if (!cell.subjects) return { share: '无', count: '没有需要履行的对象' }
  const bound = cell.subjects - cell.exempt
  const exempt = cell.exempt ? `，免除${cell.exempt}` : ''
  const share = cell.rate === null ? '无' : percent(cell.rate)
  return { share, count: `应完成${bound}，已完成${cell.met}${exempt}` }
}
