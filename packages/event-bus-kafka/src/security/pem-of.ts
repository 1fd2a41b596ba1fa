import { readFileSync } from 'node:fs';

/**
 * Returns PEM text; where it is given a path, the content of that file.
 *
 * @throws Error of `readFileSync` when the file cannot be read
 */
export function pemOf(textOrPath: string): string {
  return textOrPath.includes('-----BEGIN') ? textOrPath : readFileSync(textOrPath, 'utf8');
}
