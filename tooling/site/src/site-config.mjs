import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import llmstxt from 'vitepress-plugin-llms';
import { slugOfHeading } from '../../workspace/src/docs/slug-of-heading.mjs';
import { repositoryUrl } from '../../workspace/src/release/repository.mjs';
import { sidebar } from './sidebar.mjs';

const events = JSON.parse(readFileSync(new URL(String(process.env.SITE_EVENTS), 'file:'), 'utf8'));

/** The configuration of VitePress. Its source folder is made by `writePages`. */
export default defineConfig({
  title: 'Open edX events for TypeScript',
  description:
    'Typed Open edX events, in process and over Kafka or Redis, together with the Python services.',
  lang: 'en',
  base: process.env.SITE_BASE ?? '/',
  cleanUrls: true,
  lastUpdated: false,
  ignoreDeadLinks: false,
  markdown: { anchor: { slugify: slugOfHeading } },
  // Tables of options are long: narrow cells that start at the top.
  head: [['style', {}, '.vp-doc td, .vp-doc th { padding: 6px 10px; vertical-align: top; }']],
  themeConfig: {
    siteTitle: 'Open edX events',
    nav: [
      { text: 'Start', link: '/guide/start' },
      { text: 'Guide', link: '/guide/send-and-route' },
      { text: 'Options', link: '/reference/options' },
      { text: 'Events', link: '/events/' },
      ...(process.env.SITE_HAS_API === undefined
        ? []
        : [{ text: 'API', link: '/api/index.html', target: '_self' }]),
    ],
    sidebar: sidebar(events),
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    socialLinks: [{ icon: 'github', link: repositoryUrl }],
  },
  // The plugin has the types of another Vite.
  vite: /** @type {import('vitepress').UserConfig['vite'] & {}} */ (
    /** @type {unknown} */ ({
      plugins: [llmstxt({ ignoreFiles: ['events/*'], sidebar: sidebar([]) })],
      build: { chunkSizeWarningLimit: 4_000 }, // the index of the search
    })
  ),
});
