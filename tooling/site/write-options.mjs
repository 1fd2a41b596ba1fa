#!/usr/bin/env node
// Writes docs/reference/options.md from the sources.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { optionsPage } from './src/generated/options-page.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
writeFileSync(join(root, 'docs/reference/options.md'), optionsPage(root));
