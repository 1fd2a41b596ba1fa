import { describe, expect, it } from 'vitest';
import { showToOperators } from '../memory-bus.test-support.js';
import { jsonText, parseJson } from '../records/json-text.js';
import { errorText } from '../report-error.js';
import { collected, run } from '../run.test-support.js';
import { table } from './table.js';
import { writeNote } from './write-note.js';

/** One character of each kind: C0, DEL, C1, format (bidirectional, tags), line and paragraph separators, lone surrogates. */
const odd = [
  ...['\u0000', '\u0007', '\t', '\n', '\r', '\u001b', '\u007f', '\u0085', '\u009b', '\u00ad', '\u061c'],
  ...['\u200b', '\u200e', '\u202e', '\u2066', '\u2028', '\u2029', '\ufeff', '\u{e0001}', '\ud800', '\udfff'],
];
const name = `a${odd.join('b')}c`;
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
/** Without the ends of lines that the command wrote. */
const printed = (text: string) => text.replaceAll('\n', '');

const bus = ['--bus', './memory-bus.test-support.ts'];
const lag = {
  topic: name,
  groupId: name,
  lane: name,
  members: 1,
  length: 1,
  lag: 1,
  pending: 0,
  oldestAgeMs: null,
  distanceToTrim: null,
};

describe('what a terminal gets', () => {
  it.each([
    ['lag', []],
    ['lag', ['--json']],
    ['doctor', []],
    ['doctor', ['--json']],
  ])('holds nothing unprintable of names on the broker: %s %j', async (command, options) => {
    const finding = { subject: name, verdict: 'problem', message: name, cure: name } as const;
    showToOperators({ lag: async () => [lag], diagnose: async () => [finding] });
    const { stdout, stderr } = await run([command, ...bus, ...options]);
    showToOperators(undefined);
    expect(printed(stdout)).not.toMatch(unprintable);
    expect(printed(stderr)).not.toMatch(unprintable);
    expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(5);
    if (options.length === 0) return;
    const line = JSON.parse(stdout.trimEnd().split('\n').at(-1) as string) as Record<string, unknown>;
    expect(line).toMatchObject(
      command === 'lag' ? { topic: name, group: name } : { subject: name, cure: name },
    );
  });

  it('holds nothing unprintable of errors, of their stacks, and of what the user typed', async () => {
    const failing = { lag: async () => Promise.reject(new Error(`group ${name}`)), diagnose: async () => [] };
    showToOperators(failing);
    for (const args of [['lag', ...bus], ['--debug', 'lag', ...bus], ['lag', `--x${name}`], [name]]) {
      const { code, stdout, stderr } = await run(args);
      expect(code).not.toBe(0);
      expect(printed(stdout + stderr.replace(/^ {4}at .*$/gm, ''))).not.toMatch(unprintable);
    }
    showToOperators(undefined);
    expect(errorText(new Error('two\nlines'), false).split('\n')[0]).toBe('error: two\\u{a}lines');
  });

  it('shows a note as one line', () => {
    const stderr = collected();
    writeNote(stderr.stream, name);
    expect(stderr.text().endsWith('\n')).toBe(true);
    expect(stderr.text().slice(0, -1)).not.toMatch(unprintable);
  });

  it('aligns columns by what is shown, and cuts no character in two', () => {
    const lines = table(
      ['NAME', 'N'],
      [
        ['a\u001bb', '1'],
        ['plain', '2'],
      ],
    );
    expect(lines).toEqual(['NAME      N', 'a\\u{1b}b  1', 'plain     2']);
    expect(table(['A'], [['ab💡cd']], 4)).toEqual(['A', 'ab…']);
  });
});

describe('jsonText', () => {
  it('escapes everything unprintable, in keys as well, and means the same', () => {
    const value = { [name]: [name, { deep: name }], big: 2n ** 70n, text: 'é💡\\u202e "q"' };
    const text = jsonText(value);
    expect(text).not.toMatch(unprintable);
    expect(parseJson(text)).toEqual(value);
    expect(JSON.parse(jsonText(name))).toBe(name);
    expect(jsonText('\u{e0001}\u202e\u007f')).toBe('"\\udb40\\udc01\\u202e\\u007f"');
    expect(jsonText('é💡')).toBe('"é💡"');
  });
});
