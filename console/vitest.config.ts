import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
// The computer's zone is far from Shanghai on purpose.
export default defineConfig({
  resolve: {
    alias: {
      '@app/api': here('../packages/api/src/index.ts'),
      '@app/words': here('../packages/words/src/index.ts'),
      '@': here('src'),
    },
  },
  test: { environment: 'node', include: ['tests/**/*.test.ts'], env: { TZ: 'America/New_York' } },
})
