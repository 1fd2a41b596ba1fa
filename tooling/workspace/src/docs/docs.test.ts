import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { brokenLinks } from './broken-links.mjs';
import { coreFilesOfOneEvent } from './core-files-of-one-event.mjs';
import { markdownFiles } from './markdown-files.mjs';
import { withSnippets } from './snippets.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe.each(markdownFiles(root))('%s', (path) => {
  const text = read(path);

  it('shows code as it stands in the files that run', () => {
    expect(text).toBe(withSnippets(text, root));
  });

  it('links to files and headings that exist', () => {
    expect(brokenLinks(path)).toEqual([]);
  });
});

describe.each(markdownFiles(root).filter((path) => /^packages\/[^/]+\/README\.md$/.test(path)))(
  '%s',
  (path) => {
    it('links to absolute addresses: a package is read outside of the repository', () => {
      const links = [...read(path).matchAll(/\]\((?!https?:|#)([^)\s]+)/g)].map(([, link]) => link as string);
      expect(links).toEqual([]);
    });
  },
);

describe('README.md', () => {
  it('starts with what a user installs, has fewer than 150 lines, and an example of 12', () => {
    const text = read('README.md');
    expect(text.split('\n').length).toBeLessThan(150);
    expect(/```sh\n(.*)/.exec(text)?.[1]).toMatch(/^npm install @openedx-ts\//);
    const example = /#quickstart -->\n```ts\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    expect(example.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(13);
  });
});

describe('ARCHITECTURE.md', () => {
  it('names every file of core that runs for one event', { timeout: 240_000 }, async () => {
    const files = await coreFilesOfOneEvent();
    const text = read('ARCHITECTURE.md');
    expect(files).toContain('packages/events-core/src/producing/send-queue.ts');
    expect(files.filter((file) => !text.includes(`](${file})`))).toEqual([]);
  });
});

describe('docs/guide/write-a-bus.md', () => {
  it('names every hook of a consumer, and the README shows those that a bus implements', () => {
    const source = read('packages/events-core/src/consuming/event-bus-consumer.ts');
    const hooks = [...source.matchAll(/^ {2}protected (?:abstract |async )*(\w+)\(/gm)].map(
      ([, name]) => name as string,
    );
    const calledByBus = ['constructor', 'drainLane', 'waitingIn', 'bytesIn'];
    const contract = read('examples/guide/src/bus-contract.ts');
    const guide = read('docs/guide/write-a-bus.md');
    expect(hooks).toContain('receive');
    expect(
      hooks.filter((hook) => !calledByBus.includes(hook) && !contract.includes(`protected ${hook}(`)),
    ).toEqual([]);
    expect(hooks.filter((hook) => hook !== 'constructor' && !guide.includes(`\`${hook}(`))).toEqual([]);
  });
});

describe('docs/reference/errors.md', () => {
  it('lists every error code, and no other', () => {
    const source = read('packages/events-core/src/errors/events-error.ts');
    const codes = [...source.matchAll(/^ {2}\| '(EVENTS_\w+)'/gm)].map(([, code]) => code);
    const listed = [...read('docs/reference/errors.md').matchAll(/^\| `(EVENTS_\w+)`/gm)].map(
      ([, code]) => code,
    );
    expect(codes.length).toBeGreaterThan(20);
    expect(listed).toEqual(codes);
  });

  it.each([
    ['CLI', 'packages/events-cli/src/terminal/command-error.ts'],
    ['CONSOLE', 'packages/events-console/src/errors/console-error.ts'],
  ])('lists every code that begins with %s, and no other', (prefix, file) => {
    const codes = [...read(file).matchAll(new RegExp(`^ {2}\\| '(${prefix}_\\w+)'`, 'gm'))];
    const listed = [
      ...read('docs/reference/errors.md').matchAll(new RegExp(`^\\| \`(${prefix}_\\w+)\``, 'gm')),
    ];
    expect(codes.length).toBeGreaterThan(10);
    expect(listed.map(([, code]) => code)).toEqual(codes.map(([, code]) => code));
  });
});
