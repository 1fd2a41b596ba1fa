import { avroCodec, recordToJson, unframeConfluent } from '@openedx-ts/events-avro';
import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter, neededInFull } from '../terminal/line-writer.js';
import { readLines } from '../terminal/read-lines.js';
import { atLine } from './at-line.js';
import { bytesOfText } from './byte-text.js';
import type { ByteOptions } from './encode-lines.js';
import { jsonText } from './json-text.js';

/**
 * Reads the Avro bytes of one record a line, as text, and writes each record as one JSON object a line. Stops at the
 * first invalid line; the records of the lines before it are written.
 *
 * @throws CommandError with the number of that line and the path of the field, or when stdout is closed before the end
 */
export async function decodeLines(
  signal: OpenEdxPublicSignal,
  options: ByteOptions,
  io: CliIo,
): Promise<void> {
  const codec = avroCodec({ unsafeIntegers: 'bigint' }).bind(signal);
  const output = lineWriter(io);
  const write = async () => {
    for await (const { number, text } of readLines(io.stdin, io.abortSignal)) {
      const decoded = atLine(number, () =>
        jsonText(recordToJson(signal, codec.decode(avroOf(text, options), null))),
      );
      await output.line(decoded);
    }
    await output.flush();
  };
  await neededInFull(write);
}

function avroOf(text: string, { format, frame }: ByteOptions): Uint8Array {
  const bytes = bytesOfText(text, format);
  if (bytes === undefined) throw new CommandError('CLI_INPUT', `expected bytes as ${format} (--format)`);
  if (frame === undefined) return bytes;
  const { schemaId, avro } = unframeConfluent(bytes);
  if (schemaId === frame) return avro;
  throw new CommandError('CLI_INPUT', `the frame has schema id ${schemaId}, not ${frame} (--frame)`);
}
