#!/usr/bin/env node
// Builds the documentation site: main.mjs [--api], or serves it while pages are written: main.mjs --serve
import { buildApi } from './src/build-api.mjs';
import { buildSite, serveSite } from './src/build-site.mjs';

if (process.argv.includes('--serve')) {
  await serveSite();
} else {
  const hasApi = process.argv.includes('--api');
  if (hasApi) process.env.SITE_HAS_API = 'true';
  const folder = await buildSite();
  if (hasApi) await buildApi(folder);
  process.stdout.write(`${folder}\n`);
}
