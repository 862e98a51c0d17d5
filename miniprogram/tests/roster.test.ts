import { expect, test, vi } from 'vitest'
import { api } from '@/api'
import { rosterOf } from '@/logic/roster'

vi.mock('@/api', () => ({ api: { get: vi.fn() } }))
const page = (ids: number[], next_cursor: string | null) => ({ items: ids.map(id => ({ id })), next_cursor })

test('of a long roster nobody is missing', async () => {
  const get = vi.mocked(api.get) as unknown as ReturnType<typeof vi.fn>
  get.mockResolvedValueOnce(page([1, 2], 'further')).mockResolvedValueOnce(page([3], null))
  expect((await rosterOf(7)).map(one => one.id)).toEqual([1, 2, 3])
  expect(get.mock.calls.map(([, asked]) => [asked.path.organization_id, asked.query.cursor])).toEqual([
    [7, undefined],
    [7, 'further'],
  ])
})
