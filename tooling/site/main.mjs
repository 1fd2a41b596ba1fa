#!/usr/bin/env node
// Builds the documentation site: main.mjs [--api], or serves it while pages are written: main.mjs --serve
import { buildApi } from './src/build-api.mjs';
import { buildSite, serveSite } from './src/build-site.mjs';

if (process.argv.includes('--serve')) {
  await serveSite();
} else {
  const folder = await buildSite();
  if (process.argv.includes('--api')) await buildApi(folder);
  process.stdout.write(`${folder}\n`);
}
