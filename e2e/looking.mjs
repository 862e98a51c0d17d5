// What a page is like for those who cannot see it well, or not at all.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAPPED = 'uni-button, button, a[href], [role=button], [role=checkbox], [role=radio], uni-input, uni-textarea'

/** Violations that axe calls serious or critical, one line each. */
export async function barriers(page) {
  await page.evaluate(AXE)
  const found = await page.evaluate(
    async () => (await globalThis.axe.run(document, { resultTypes: ['violations'] })).violations,
  )
  return found
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .map(
      one =>
        `${one.id}: ${one.nodes
          .slice(0, 3)
          .map(node => `${node.html.slice(0, 120)} (${node.any[0]?.message ?? ''})`)
          .join(' | ')}`,
    )
}

/** Things to tap that are under 44 px, or have no name to read out. */
export function hardToUse(page) {
  return page.evaluate(
    ({ selector }) =>
      [...document.querySelectorAll(selector)].flatMap(one => {
        const { width, height } = one.getBoundingClientRect()
        if (!width || !height || getComputedStyle(one).visibility === 'hidden') return []
        const name =
          one.getAttribute('aria-label') ||
          one.innerText.trim() ||
          one.querySelector('[aria-label]')?.getAttribute('aria-label')
        const what = one.outerHTML.slice(0, 120)
        return [
          ...(name ? [] : [`no name: ${what}`]),
          ...(width < 43.5 || height < 43.5 ? [`${width}x${height}: ${what}`] : []),
        ]
      }),
    { selector: TAPPED },
  )
}

/** How far the page is wider than the screen. */
export const overflow = page => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
