import { avroCodec } from '@openedx-ts/events-avro';
import { type DeadLetter, readDeadLetters } from '@openedx-ts/events-core/operate';
import { closing } from '../bus/closing.js';
import { openBus } from '../bus/open-bus.js';
import { openTopics } from '../bus/open-topics.js';
import { jsonText } from '../records/json-text.js';
import type { CliIo } from '../terminal/cli-io.js';
import { lineWriter } from '../terminal/line-writer.js';
import { writeNote } from '../terminal/write-note.js';
import { deadLetterLine } from './dead-letter-line.js';
import { maskedPayload } from './masked-payload.js';
import { filterOf, noteOtherGroups, type QueueOptions, selectQueue } from './queue-options.js';

/** Options of `dlq show`. */
export interface ShowOptions extends QueueOptions {
  readonly payload: boolean;
  readonly limit?: number;
}

/**
 * Writes dead letters, one JSON object a line.
 *
 * @throws CommandError when the bus gives no access to its topics
 * @throws InvalidOptionsError when a position or event does not exist
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function showDeadLetters(options: ShowOptions, io: CliIo): Promise<void> {
  const { payload, limit = Infinity } = options;
  using bus = await openBus(options.bus, io);
  const { admin, topics } = await openTopics(bus, io);
  await using _admin = closing(admin);
  const queue = await selectQueue(topics, options);
  const codec = avroCodec({ unsafeIntegers: 'bigint' });
  const output = lineWriter(io);
  const lineOf = async (deadLetter: DeadLetter) => {
    if (!payload) return jsonText(deadLetterLine(deadLetter, queue));
    const { shown, mask } = await maskedPayload(topics, deadLetter, codec);
    return jsonText({ ...deadLetterLine(deadLetter, queue, mask), ...shown });
  };
  let written = 0;
  for await (const deadLetter of readDeadLetters(topics, queue, filterOf(options))) {
    await output.line(await lineOf(deadLetter));
    written += 1;
    if (written >= limit) break;
  }
  await output.flush();
  if (written > 0) return;
  writeNote(io.stderr, `no dead letters match on ${queue.deadLetterTopic}`);
  await noteOtherGroups(topics, options, io.stderr);
}
