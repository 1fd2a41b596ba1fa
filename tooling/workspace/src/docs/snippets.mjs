import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const block = /<!-- snippet: (?<path>[^#\s]+)#(?<region>[\w-]+) -->\n```ts\n(?<code>[\s\S]*?)```/g;

/**
 * A Markdown text with every snippet as it stands in its source file: a block of code below
 * `<!-- snippet: path#region -->` is the region between `// #region name` and `// #endregion name`.
 *
 * @param {string} markdown
 * @param {string} root the repository's folder
 * @returns {string}
 */
export function withSnippets(markdown, root) {
  return markdown.replace(block, (_match, path, region) => {
    const code = regionOf(readFileSync(join(root, path), 'utf8'), region, path);
    return `<!-- snippet: ${path}#${region} -->\n\`\`\`ts\n${code}\`\`\``;
  });
}

/**
 * @param {string} source
 * @param {string} region
 * @param {string} path
 * @returns {string}
 */
function regionOf(source, region, path) {
  const lines = source.split('\n');
  const start = lines.findIndex((line) => line.trim() === `// #region ${region}`);
  const end = lines.findIndex((line) => line.trim() === `// #endregion ${region}`);
  if (start === -1 || end <= start) throw new Error(`${path} has no region ${region}`);
  const body = lines.slice(start + 1, end);
  const indents = body.filter((line) => line !== '').map((line) => line.search(/\S/));
  const indent = Math.min(...indents);
  return `${body
    .map((line) => line.slice(indent))
    .join('\n')
    .trim()}\n`;
}
