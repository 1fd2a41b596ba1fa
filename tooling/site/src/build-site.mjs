import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { eventsPages } from './generated/events-pages.mjs';
import { writePages } from './pages/write-pages.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The folder with the site's pages as Markdown, from which VitePress builds. */
const sourceFolder = join(root, '.cache/site/pages');

/** The folder of the built site. */
const siteFolder = join(root, '.cache/site/dist');

/** Writes the source of the site and the configuration of VitePress beside it. */
async function prepareSite() {
  const events = await eventsPages();
  writePages(root, sourceFolder, events);
  const links = [...events.keys()]
    .filter((page) => page !== 'events/index.md')
    .map((page) => page.replace(/\.md$/, ''))
    .map((page) => ({ text: page.replace('events/', ''), link: `/${page}` }));
  const list = join(root, '.cache/site/events.json');
  writeFileSync(list, JSON.stringify(links));
  process.env.SITE_EVENTS = pathToFileURL(list).href;
  const config = pathToFileURL(join(root, 'tooling/site/src/site-config.mjs')).href;
  mkdirSync(join(sourceFolder, '.vitepress'));
  writeFileSync(join(sourceFolder, '.vitepress/config.mjs'), `export { default } from '${config}';\n`);
}

/**
 * Builds the site. A link that leads nowhere is an error.
 *
 * @returns {Promise<string>} its folder
 */
export async function buildSite() {
  await prepareSite();
  const { build } = await import('vitepress');
  await build(sourceFolder, { outDir: siteFolder });
  return siteFolder;
}

/** Serves the site on this machine while its pages are being written. */
export async function serveSite() {
  await prepareSite();
  const { createServer } = await import('vitepress');
  const server = await createServer(sourceFolder, { fs: { allow: [root] } });
  await server.listen();
  server.printUrls();
}
