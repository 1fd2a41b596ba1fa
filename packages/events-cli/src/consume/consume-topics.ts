import { avroCodec } from '@openedx-ts/events-avro';
import {
  type Consumer,
  configureEvents,
  type OpenEdxPublicSignal,
  type SignalEvent,
  settings,
} from '@openedx-ts/events-core';
import { busUnreachable } from '../bus/bus-unreachable.js';
import { closing } from '../bus/closing.js';
import { openBus } from '../bus/open-bus.js';
import { redactor } from '../bus/redact.js';
import { stderrLogger } from '../bus/stderr-logger.js';
import type { CliIo } from '../cli-io.js';
import { allKnownSignals } from '../signals/known-signals.js';
import { type ConsumerArguments, consumerOptions } from './consumer-options.js';
import { eventLine, topicNames } from './event-line.js';
import { EventWriter, NotWritten } from './event-writer.js';

/** What `consume` is told. */
export interface ConsumeOptions extends ConsumerArguments {
  readonly bus?: string;
  readonly count?: number;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** How long the broker may be away at the start, in milliseconds. */
  readonly wait: number;
}

/**
 * Writes the events of topics as they come, one a line, and acknowledges each once its line is written; until so many
 * were written, the reader of the output goes, or it is interrupted.
 *
 * @throws CommandError when the broker cannot be reached at the start
 * @throws ConsumerFailedError when the consumer cannot go on
 */
export async function consumeTopics(options: ConsumeOptions, io: CliIo): Promise<void> {
  const { count, quiet, verbose } = options;
  const given = consumerOptions(options);
  const plugin = await openBus(options.bus, io);
  const isTold = (error: unknown) => error instanceof NotWritten;
  const level = verbose ? 'info' : 'warn';
  const logger = stderrLogger({ stderr: io.stderr, redact: redactor(io.env), level, isTold });
  using _settings = configureEvents({ logger });
  const { env = {}, abortSignal } = io;
  const codec = avroCodec({ unsafeIntegers: 'bigint' });
  const consumer = await plugin.createConsumer(env, { ...given, codec });
  await using _consumer = closing(consumer);
  const writer = new EventWriter({ ...io, count, quiet, onEnd: () => consumer.stop() });
  const topicOf = topicNames(options.topics, given.topicPrefix ?? env.EVENT_BUS_TOPIC_PREFIX);
  using _receivers = connectAll(await allKnownSignals(), (event) => {
    if (event.delivery?.groupId !== options.group) return undefined;
    const { topic, position } = event.delivery;
    return writer.write(() => eventLine(event, topicOf(topic), position));
  });
  await run(consumer, { bus: plugin.name, waitMs: options.wait, abortSignal });
  if (writer.failure !== undefined) throw writer.failure.error;
  if (!quiet || verbose) settings().logger.info({}, `${writer.written} events consumed`);
  if (abortSignal.reason !== 'SIGTERM') abortSignal.throwIfAborted();
}

/** Runs it until it is stopped; the broker has to be there at the start. */
async function run(
  consumer: Consumer,
  { bus, waitMs, abortSignal }: { bus: string; waitMs: number; abortSignal: AbortSignal },
): Promise<void> {
  const isThere = new AbortController();
  const running = consumer.run({ abortSignal });
  consumer.ready.then(
    () => isThere.abort(),
    () => isThere.abort(), // it ended before; `running` says why
  );
  const tooLate = settings()
    .clock.sleep(waitMs, isThere.signal)
    .then(() => !isThere.signal.aborted);
  const isTooLate = await Promise.race([tooLate, running.then(() => false)]);
  if (!isTooLate) return running;
  const error = busUnreachable(bus, waitMs, consumer.health().reasons);
  running.catch(() => {});
  throw error;
}

function connectAll(
  signals: readonly OpenEdxPublicSignal[],
  receiver: (event: SignalEvent) => Promise<void> | undefined,
): Disposable {
  const connections = signals.map((signal) => signal.connect(receiver, { name: 'openedx-events consume' }));
  return {
    [Symbol.dispose]: () => {
      for (const connection of connections) connection.disconnect();
    },
  };
}
