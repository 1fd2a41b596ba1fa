import { existsSync } from 'node:fs';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { programOfDebianPackages } from '../ladder/debian-packages.js';
export async function findChromium() {
  return programOfDebianPackages(['chromium', 'chromium-common', 'fontconfig-config', 'fonts-dejavu-core', 'fonts-inter'], 'usr/lib/chromium/chromium');
}
