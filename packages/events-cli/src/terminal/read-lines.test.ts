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
