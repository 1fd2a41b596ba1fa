import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownFiles } from './markdown-files.mjs';
import { withSnippets } from './snippets.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');
for (const path of markdownFiles(root)) {
  const before = readFileSync(join(root, path), 'utf8');
  const after = withSnippets(before, root);
  if (after !== before) writeFileSync(join(root, path), after);
}
