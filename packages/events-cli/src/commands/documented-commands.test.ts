import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { program } from './program.js';

const root = join(import.meta.dirname, '../../../..');
const files = ['.', 'docs', 'packages', 'examples'].flatMap((folder) => markdownIn(folder)).sort();
const io = {
  stdin: Readable.from([]),
  stdout: new Writable(),
  stderr: new Writable(),
  cwd: root,
  abortSignal: new AbortController().signal,
};

/** The Markdown of a folder: `docs` with all that is in it, of packages what they say of themselves. */
function markdownIn(folder: string): readonly string[] {
  const isDeep = folder === 'docs';
  const inner = readdirSync(join(root, folder), { recursive: isDeep, encoding: 'utf8' });
  const readmes = isDeep || folder === '.' ? inner : inner.map((name) => join(name, 'README.md'));
  return readmes
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))
    .filter((name) => existsSync(join(root, name)));
}

/** Every command line in a text, up to a comment, a redirection or the end of code; versions of the Python package apart. */
function commandLines(text: string): readonly string[] {
  return [...text.matchAll(/openedx-events(?! \d)(?: [^\s`#<>|)]+)+/g)].map(([line]) =>
    line.replace(/\s+/g, ' '),
  );
}

function problemOf(line: string): string | undefined {
  const [, ...words] = line.split(' ');
  let command: Command = program(io);
  if (words[0] === '--require') words.splice(0, 2);
  while (command.commands.length > 0) {
    const name = words[0] ?? '';
    const next = command.commands.find((one) => one.name() === name);
    if (next === undefined && command.parent === null && /^-|^$/.test(name)) break;
    if (next === undefined) return words.length === 0 ? undefined : `${line}: there is no command ${name}`;
    command = next;
    words.shift();
  }
  const options = [...command.options, ...(command.parent?.options ?? []), ...program(io).options];
  const known = new Set(options.flatMap(({ short, long }) => [short, long]));
  const given = words
    .map((word) => /^\[?(--?[a-z][a-z-]*)/.exec(word)?.[1])
    .filter((one) => one !== undefined);
  const unknown = given.find((option) => !known.has(option) && option !== '--help');
  if (unknown !== undefined) return `${line}: there is no option ${unknown}`;
  const missing = command.options.find(
    ({ mandatory, short, long }) => mandatory && !given.includes(short ?? '') && !given.includes(long ?? ''),
  );
  return given.length > 0 && missing !== undefined ? `${line}: ${missing.long} is missing` : undefined;
}

describe('the command lines in the documentation', () => {
  it('are found', () => {
    const lines = files.flatMap((file) => commandLines(readFileSync(join(root, file), 'utf8')));
    expect(lines).toContain('openedx-events dlq redrive -t orders -g mail --all');
    expect(lines.length).toBeGreaterThan(40);
  });

  it.each(files)('are possible: %s', (file) => {
    const problems = commandLines(readFileSync(join(root, file), 'utf8')).map(problemOf);
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });

  it.each([
    'openedx-events dlq redrvie -t orders',
    'openedx-events dlq redrive -t orders --dryrun',
    'openedx-events replay -t orders --from earliest',
    'openedx-events schemas check',
  ])('would not be: %s', (line) => {
    expect(problemOf(line)).toEqual(expect.stringContaining(line));
  });
});
