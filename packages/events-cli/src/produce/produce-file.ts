import { avroCodec } from '@openedx-ts/events-avro';
import { mustReachOthers } from '../bus/must-reach-others.js';
import { openBus } from '../bus/open-bus.js';
import { signalWithSchema } from '../signals/signal-with-schema.js';
import { acceptedText } from '../terminal/accepted-text.js';
import type { CliIo } from '../terminal/cli-io.js';
import { progressLine } from '../terminal/progress-line.js';
import { writeNote } from '../terminal/write-note.js';
import { inputFrom } from './input.js';
import { outgoingRoute } from './outgoing-route.js';
import { sendLines } from './send-lines.js';
import { SendWindow } from './send-window.js';

/** Options of `produce`. */
export interface ProduceOptions {
  readonly type: string;
  readonly topic: string;
  readonly keyField?: string;
  readonly bus?: string;
  /** How long the broker may be unreachable at the start, in milliseconds. */
  readonly wait: number;
  /** The file to read; undefined for stdin. */
  readonly file: string | undefined;
}

/**
 * Sends one event a line, in order, and writes to stderr how many the broker has accepted, even if the command fails
 * or is interrupted. Stops at the first line that is refused.
 *
 * @throws CommandError with the number of the line, or when the bus is the null bus
 */
export async function produceFile(options: ProduceOptions, io: CliIo): Promise<void> {
  const { type, topic, keyField, wait: waitMs } = options;
  const route = outgoingRoute(await signalWithSchema(type), topic, keyField);
  // The command itself reports the line that was refused.
  using bus = await openBus(options.bus, io, { isReported: (_error, label) => label === 'error' });
  mustReachOthers('produce', bus.given, ['null']);
  await using producer = await bus.plugin.createProducer(io.env ?? {}, {
    codec: avroCodec({ unsafeIntegers: 'bigint' }),
    deliveryTimeoutMs: Infinity, // an outage is waited out, however long; Ctrl-C ends the command
    closeTimeoutMs: 500, // after Ctrl-C or --wait
  });
  const input = inputFrom(options.file, io);
  const progress = await progressLine(io.stderr, topic);
  const window = new SendWindow((accepted) => progress.update(accepted, input.share()));
  const { abortSignal } = io;
  try {
    await sendLines({ bus: bus.plugin.name, producer, route, input, window, waitMs, abortSignal });
  } finally {
    progress.end();
    writeNote(io.stderr, summary(topic, window, abortSignal.aborted));
  }
}

function summary(
  topic: string,
  { accepted, lastAccepted, refused }: SendWindow,
  isInterrupted: boolean,
): string {
  const count = acceptedText(accepted, topic);
  const last = `line ${lastAccepted.toLocaleString('en-US')}`;
  if (isInterrupted) return `${count}, interrupted${accepted === 0 ? '' : ` after ${last}`}`;
  if (refused !== undefined && lastAccepted > refused.number) return `${count}, the last at ${last}`;
  return count;
}
