import { avroCodec } from '@openedx-ts/events-avro';
import { configureEvents } from '@openedx-ts/events-core';
import { openBus } from '../bus/open-bus.js';
import { redactor } from '../bus/redact.js';
import { stderrLogger } from '../bus/stderr-logger.js';
import type { CliIo } from '../cli-io.js';
import { signalWithSchema } from '../signals/signal-with-schema.js';
import { countText } from './count-text.js';
import { inputFrom } from './input.js';
import { outgoingRoute } from './outgoing-route.js';
import { progressLine } from './progress-line.js';
import { sendLines } from './send-lines.js';
import { SendWindow } from './send-window.js';

/** What `produce` is told. */
export interface ProduceOptions {
  readonly type: string;
  readonly topic: string;
  readonly keyField?: string;
  readonly bus?: string;
  /** How long the broker may be away at the start, in milliseconds. */
  readonly wait: number;
  /** Undefined: stdin. */
  readonly file: string | undefined;
}

/**
 * Sends one event a line, in order, and says on stderr how many the broker has accepted; also when it ends early, at
 * the first line that is refused or when it is interrupted.
 *
 * @throws CommandError with the number of the line
 */
export async function produceFile(options: ProduceOptions, io: CliIo): Promise<void> {
  const { type, topic, keyField, wait: waitMs } = options;
  const route = outgoingRoute(await signalWithSchema(type), topic, keyField);
  const plugin = await openBus(options.bus, io);
  const logger = stderrLogger({ stderr: io.stderr, redact: redactor(io.env), level: 'warn' });
  // Lines that are refused are told by the command, once.
  using _settings = configureEvents({ logger: { ...logger, error: () => {} } });
  await using producer = await plugin.createProducer(io.env ?? {}, {
    codec: avroCodec({ unsafeIntegers: 'bigint' }),
    deliveryTimeoutMs: Infinity, // an outage in the middle is waited out, however long; Ctrl-C ends that
    closeTimeoutMs: 3_000,
  });
  const input = inputFrom(options.file, io);
  const progress = await progressLine(io.stderr, topic);
  const window = new SendWindow((accepted) => progress.update(accepted, input.share()));
  const { abortSignal } = io;
  try {
    await sendLines({ bus: plugin.name, producer, route, input, window, waitMs, abortSignal });
  } finally {
    progress.end();
    io.stderr.write(`${summary(topic, window, abortSignal.aborted)}\n`);
  }
}

function summary(
  topic: string,
  { accepted, lastAccepted, refused }: SendWindow,
  isInterrupted: boolean,
): string {
  const count = countText(accepted, topic);
  const last = `line ${lastAccepted.toLocaleString('en-US')}`;
  if (isInterrupted) return `${count}, interrupted${accepted === 0 ? '' : ` behind ${last}`}`;
  if (refused !== undefined && lastAccepted > refused.number) return `${count}, the last is ${last}`;
  return count;
}
