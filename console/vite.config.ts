import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const proxy = { '/api': process.env.API_ORIGIN ?? 'http://127.0.0.1:8000' }

// Few files instead of thirty tiny ones; what changes seldom stays in the browser's cache over releases.
const groups = [
  { name: 'vue', test: /node_modules.(@vue|vue|vue-router|@tanstack.(query-core|vue-query|match-sorter-utils))[\\/]/ },
  { name: 'reka', test: /node_modules.(reka-ui|@floating-ui|@vueuse|@internationalized|aria-hidden|defu|ohash)[\\/]/ },
  { name: 'common', test: /src.(ui|logic|api)[\\/]|packages.(api|words)[\\/]/ },
]

export default defineConfig({
  base: '/console/',
  plugins: [vue()],
  resolve: {
    alias: {
      '@app/api': here('../packages/api/src/index.ts'),
      '@app/words': here('../packages/words/src/index.ts'),
      '@': here('./src'),
    },
  },
  // Chinese Chromium shells lag behind by years: syntax is lowered for them, see src/older-browsers.ts.
  build: {
    target: 'chrome92',
    cssTarget: 'chrome92',
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
  server: { host: '127.0.0.1', port: 5174, proxy },
  preview: { host: '127.0.0.1', port: 5175, proxy },
})
