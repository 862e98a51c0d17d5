import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import uniModule from '@dcloudio/vite-plugin-uni'
import { defineConfig, type Plugin } from 'vite'

// "type": "module" makes Node hand over the CommonJS exports object as the default.
const uni = (uniModule as unknown as { default?: typeof uniModule }).default ?? uniModule
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The framework's CSS points at third-party hosts: a shadow and an icon font, neither of which we show. */
function noForeignAssets(): Plugin {
  const clean = (css: string) =>
    css
      .replace(/https:\/\/cdn\.dcloud\.net\.cn\/img\/shadow-\w+\.png/g, 'data:,')
      .replace(/src:\s*url\(["']?https:\/\/at\.alicdn\.com[^;}]+/g, 'src:local("wd-icons")')
  return {
    name: 'no-foreign-assets',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === 'asset' && /\.(css|wxss)$/.test(file.fileName)) file.source = clean(String(file.source))
        }
      },
    },
  }
}

/** Templates say `role`, as browsers do; WeChat's name is `aria-role`. In a browser the keyboard gets there, too. */
function rolesOfThePlatform(): Plugin {
  return {
    name: 'roles-of-the-platform',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('/src/') || !id.endsWith('.vue')) return undefined
      return process.env.UNI_PLATFORM === 'mp-weixin'
        ? code.replace(/(\s:?)role="/g, '$1aria-role="').replace(/\s:?tabindex="[^"]*"/g, '')
        : code.replace(/\srole="(button|radio|checkbox)"/g, ' role="$1" tabindex="0"')
    },
  }
}

/** Tab icons lie in the code itself: a tab that is opened without network has its icon. */
function iconsInTheBuild(): Plugin {
  return {
    name: 'icons-in-the-build',
    enforce: 'post',
    renderChunk(code) {
      if (process.env.UNI_PLATFORM !== 'h5') return undefined
      return code.replace(
        /"\/?(static\/tab\/[\w-]+\.png)"/g,
        (_, icon) => `"data:image/png;base64,${readFileSync(here(`src/${icon}`), 'base64')}"`,
      )
    },
  }
}

// What the navigation bar of each page says: WeChat tells no page its own title.
const { pages, subPackages } = JSON.parse(readFileSync(here('src/pages.json'), 'utf8')) as Record<
  'pages' | 'subPackages',
  PageJson[]
>
interface PageJson {
  root?: string
  path: string
  pages?: PageJson[]
  style: { navigationBarTitleText: string }
}
const titles = Object.fromEntries(
  [
    ...pages.map(one => [one.path, one]),
    ...subPackages.flatMap(folder => folder.pages!.map(one => [`${folder.root}/${one.path}`, one])),
  ].map(([path, one]) => [path, (one as PageJson).style.navigationBarTitleText]),
)

export default defineConfig({
  plugins: [rolesOfThePlatform(), uni(), noForeignAssets(), iconsInTheBuild()],
  define: { __TITLES__: JSON.stringify(titles) },
  resolve: {
    alias: {
      '@app/api': here('../packages/api/src/index.ts'),
      '@app/words': here('../packages/words/src/index.ts'),
      '@': here('src'),
    },
  },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': 'http://127.0.0.1:8000' } },
})
