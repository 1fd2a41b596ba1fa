import { avroCodec } from '@openedx-ts/events-avro';
import { jsonText } from '../records/json-text.js';
import type { CliIo } from '../terminal/cli-io.js';
import { lineWriter } from '../terminal/line-writer.js';
import { writeNote } from '../terminal/write-note.js';
import { maskedRecord } from './masked-record.js';
import { openOutbox } from './open-outbox.js';
import { parkedLine } from './parked-line.js';
import { type ParkedOptions, parkedFilterOf } from './parked-options.js';

/** Options of `outbox show`. */
export interface ShowParkedOptions extends ParkedOptions {
  readonly payload: boolean;
  readonly limit?: number;
}

/**
 * Writes parked events, one JSON object a line.
 *
 * @throws CommandError when no database is named
 * @throws OutboxTablesError when the tables are missing or of another version
 * @throws InfrastructureError when the database cannot be reached
 */
export async function showParked(options: ShowParkedOptions, io: CliIo): Promise<void> {
  const { payload, limit = Infinity } = options;
  await using outbox = await openOutbox(options, io);
  const codec = avroCodec({ unsafeIntegers: 'bigint' });
  const output = lineWriter(io);
  let written = 0;
  for await (const row of outbox.admin.parked(parkedFilterOf(options))) {
    const shown = payload ? await maskedRecord(outbox, row, codec) : {};
    await output.line(jsonText({ ...parkedLine(row), ...shown }));
    written += 1;
    if (written >= limit) break;
  }
  if (written === 0) writeNote(io.stderr, 'no parked events match');
  await output.flush();
}
