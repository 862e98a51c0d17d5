import { expect, test } from 'vitest'
import { codeOf, looksLikeCode } from '@/logic/console-code'

const CODE = 'Zk3v0w8sJd5n1Qx7Lr2Yt9Ua4Hb6Mc-0_eFgIjKlNoP'

test.each([
  [CODE, CODE],
  [` ${CODE}\n`, CODE],
  [`https://example.gov.cn/m/#/account/console?code=${CODE}`, CODE],
  [`https://example.gov.cn/m/#/account/console?from=desk&code=${CODE}&x=1`, CODE],
])('the code of %s', (scanned, code) => {
  expect(codeOf(scanned)).toBe(code)
  expect(looksLikeCode(code)).toBe(true)
})

test.each(['', '12345678', 'https://example.com/', '别的二维码'])('%s is none', scanned => {
  expect(looksLikeCode(codeOf(scanned))).toBe(false)
})
