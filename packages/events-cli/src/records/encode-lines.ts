import { avroCodec, frameConfluent, type RecordJson, recordFromJson } from '@openedx-ts/events-avro';
import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import type { CliIo } from '../terminal/cli-io.js';
import { lineWriter, neededInFull } from '../terminal/line-writer.js';
import { readLines } from '../terminal/read-lines.js';
import { atLine } from './at-line.js';
import { type ByteFormat, textOfBytes } from './byte-text.js';
import { JsonTextError, parseJson } from './json-text.js';

/** The text form of bytes in `encode` and `decode`. */
export interface ByteOptions {
  readonly format: ByteFormat;
  /** The schema id of the Confluent frame around the bytes; undefined for bare Avro. */
  readonly frame?: number | undefined;
}

/**
 * Reads one record, a JSON object, a line and writes its Avro bytes as one text a line. Stops at the first invalid
 * line; the bytes of the lines before it are written.
 *
 * @throws CommandError with the number of that line and the path of the field, or when stdout is closed before the end
 */
export async function encodeLines(
  signal: OpenEdxPublicSignal,
  options: ByteOptions,
  io: CliIo,
): Promise<void> {
  const codec = avroCodec({ unsafeIntegers: 'bigint' }).bind(signal);
  const output = lineWriter(io);
  const write = async () => {
    for await (const { number, text } of readLines(io.stdin, io.abortSignal)) {
      const encoded = atLine(number, () => {
        const bytes = codec.encode(recordFromJson(signal, objectOf(text)));
        const framed = options.frame === undefined ? bytes : frameConfluent(options.frame, bytes);
        return textOfBytes(framed, options.format);
      });
      await output.line(encoded);
    }
    await output.flush();
  };
  await neededInFull(write);
}

function objectOf(text: string): RecordJson {
  const json = parseJson(text);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  throw new JsonTextError('expected one JSON object, the record of an event');
}
