import stylistic from '@stylistic/eslint-plugin'
import pluginVue from 'eslint-plugin-vue'
import globals from 'globals'
import tseslint from 'typescript-eslint'

// What the WeChat runtime does not have.
const ABSENT = [
  'window',
  'document',
  'fetch',
  'localStorage',
  'URLSearchParams',
  'XMLHttpRequest',
  'FormData',
  'navigator',
  'location',
  'Intl',
  'crypto',
]

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.venv/**', '.data/**', '.cities/**', 'packages/api/src/schema.ts'] },
  ...tseslint.configs.recommended,
  ...pluginVue.configs['flat/recommended'],
  { files: ['**/*.vue'], languageOptions: { parserOptions: { parser: tseslint.parser } } },
  {
    files: ['miniprogram/src/**/*.{ts,vue}'],
    languageOptions: { globals: { uni: 'readonly', getCurrentPages: 'readonly' } },
    rules: {
      'no-restricted-globals': ['error', ...ABSENT],
      'no-console': 'error',
      // Pages are named after their address.
      'vue/multi-word-component-names': 'off',
    },
  },
  {
    files: ['console/src/**/*.{ts,vue}'],
    languageOptions: { globals: globals.browser },
    // A component of ours is named in one word where one says it: Btn, Icon, Dialog.
    rules: { 'no-console': 'error', 'vue/multi-word-component-names': 'off' },
  },
  {
    files: ['**/*.cjs', '**/*.mjs'],
    languageOptions: { globals: globals.node },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  // How a line is laid out is Prettier's business; these stay: what it does not cut.
  pluginVue.configs['no-layout-rules'],
  {
    plugins: { '@stylistic': stylistic },
    rules: {
      '@stylistic/max-len': ['error', 120],
      'max-lines': ['error', 400],
      'vue/attributes-order': 'off', // what an element is comes first, whichever that is
      'vue/require-default-prop': 'off', // TypeScript says which are optional
    },
  },
)
