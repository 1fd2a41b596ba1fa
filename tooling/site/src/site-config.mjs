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
  themeConfig: {
    nav: [
      { text: 'Start', link: '/guide/start' },
      { text: 'Guide', link: '/guide/send-and-route' },
      { text: 'Options', link: '/reference/options' },
      { text: 'Events', link: '/events/' },
    ],
    sidebar: sidebar(events),
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    socialLinks: [{ icon: 'github', link: repositoryUrl }],
  },
  vite: {
    plugins: [llmstxt({ ignoreFiles: ['events/*'], sidebar: sidebar([]) })],
    build: { chunkSizeWarningLimit: 4_000 }, // the index of the search
  },
});
