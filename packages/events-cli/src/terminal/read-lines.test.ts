import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines } from './read-lines.js';

describe('readLines', () => {
  it('gives the same lines however the bytes come in chunks', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '💡', '\n', '\u2028', '"') });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 5 }), async (content, size) => {
        const bytes = Buffer.from(content);
        const chunks: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
        const expected = content
          .split('\n')
          .map((line, index) => ({ number: index + 1, text: line.trim() }))
          .filter((line) => line.text !== '');
        expect(await all(Readable.from(chunks, { objectMode: false }))).toEqual(expected);
      }),
    );
  });

  it.each([
    ['in one chunk', ['ok\n', `${'x'.repeat(20)}\n`]],
    ['in many chunks', ['ok\n', ...Array.from({ length: 20 }, () => 'x'), '\n']],
    ['without a newline', ['ok\n', 'x'.repeat(20)]],
  ])('refuses a line that is too long %s, with its number', async (_, chunks) => {
    const stream = Readable.from(
      chunks.map((chunk) => Buffer.from(chunk)),
      { objectMode: false },
    );
    const read: string[] = [];
    const reading = async () => {
      for await (const { text } of readLines(stream, new AbortController().signal, 10)) read.push(text);
    };
    await expect(reading()).rejects.toThrow('line 2 is longer than 10 bytes');
    expect([read, stream.destroyed]).toEqual([['ok'], true]);
  });

  it('stops reading a line without an end, instead of keeping it', async () => {
    let given = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          given += 1;
          yield Buffer.alloc(1_048_576, 'x');
        }
      })(),
      { objectMode: false },
    );
    await expect(all(endless)).rejects.toThrow(/line 1 is longer than 16,777,216 bytes/);
    expect(given).toBeLessThan(30);
  });

  it('lets go of the stream when nobody wants more lines', async () => {
    const stream = Readable.from([Buffer.from('a\nb\n')], { objectMode: false });
    for await (const line of readLines(stream, new AbortController().signal)) {
      expect(line.text).toBe('a');
      break;
    }
    expect(stream.destroyed).toBe(true);
  });
});

async function all(stream: Readable) {
  const lines = [];
  for await (const line of readLines(stream, new AbortController().signal)) lines.push(line);
  return lines;
}
