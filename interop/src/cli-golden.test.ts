import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { runCli } from '@openedx-ts/events-cli';
import { parse } from 'lossless-json';
import { describe, expect, it } from 'vitest';

interface Golden {
  readonly events: Readonly<Record<string, { readonly vectors: Readonly<Record<string, GoldenVector>> }>>;
}

interface GoldenVector {
  readonly record: unknown;
  readonly hex: string;
}

const golden = JSON.parse(
  readFileSync(new URL('../data/golden/golden-avro.json', import.meta.url), 'utf8'),
) as Golden;
const events = Object.entries(golden.events).map(
  ([eventType, { vectors }]) => [eventType, Object.values(vectors)] as const,
);

describe('the command line against the golden data of the Python packages', () => {
  it('covers 219 vectors', () => {
    expect(events.flatMap(([, vectors]) => vectors)).toHaveLength(219);
  });

  it.each(events)('encodes and decodes the vectors of %s', async (eventType, vectors) => {
    const records = vectors.map(({ record }) => JSON.stringify(record));
    const bytes = vectors.map(({ hex }) => Buffer.from(hex, 'hex'));
    for (const format of ['hex', 'base64'] as const) {
      const texts = bytes.map((one) => one.toString(format));
      expect(await lines(['encode', '--type', eventType, '--format', format], records)).toEqual(texts);

      const decoded = await lines(['decode', '--type', eventType, '--format', format], texts);
      expect(decoded.map((line) => parse(line, null, Number))).toEqual(vectors.map(({ record }) => record));

      const framed = await lines(
        ['encode', '--type', eventType, '--format', format, '--frame', '66051'],
        records,
      );
      const header = Buffer.from([0, 0, 1, 2, 3]);
      expect(framed).toEqual(bytes.map((one) => Buffer.concat([header, one]).toString(format)));
      expect(
        await lines(['decode', '--type', eventType, '--format', format, '--frame', '66051'], framed),
      ).toEqual(decoded);
    }
  });
});

/** The lines that the command writes for these lines. */
async function lines(args: readonly string[], input: readonly string[]): Promise<readonly string[]> {
  const [stdout, stderr] = [collected(), collected()];
  const code = await runCli(args, {
    stdin: Readable.from(
      input.map((line) => `${line}\n`),
      { objectMode: false },
    ),
    stdout: stdout.stream,
    stderr: stderr.stream,
    cwd: import.meta.dirname,
    abortSignal: new AbortController().signal,
  });
  expect({ code, stderr: stderr.text() }).toEqual({ code: 0, stderr: '' });
  return stdout.text().split('\n').slice(0, -1);
}

function collected() {
  let text = '';
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { stream, text: () => text };
}
