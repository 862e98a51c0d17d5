import { reactive, watchEffect } from 'vue'

export type Theme = 'auto' | 'light' | 'dark'
export type Density = 'cozy' | 'compact'
interface Preferences {
  theme: Theme
  density: Density
  letterKeys: boolean
}

const NAME = 'console-preferences'
const start: Preferences = { theme: 'auto', density: 'cozy', letterKeys: true }

/** How the console looks on this computer. Nothing in it says who sat there. */
export const preferences = reactive<Preferences>({
  ...start,
  ...(JSON.parse(localStorage.getItem(NAME) ?? '{}') as Partial<Preferences>),
})

const system = matchMedia('(prefers-color-scheme: dark)')
function show() {
  const dark = preferences.theme === 'dark' || (preferences.theme === 'auto' && system.matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  document.documentElement.dataset.density = preferences.density
}
watchEffect(show)
watchEffect(() => localStorage.setItem(NAME, JSON.stringify(preferences)))
system.addEventListener('change', show)

export function nextTheme() {
  preferences.theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'
}
export function nextDensity() {
  preferences.density = preferences.density === 'cozy' ? 'compact' : 'cozy'
}
