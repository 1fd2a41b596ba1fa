import { avroCodec } from '@openedx-ts/events-avro';
import {
  type Consumer,
  configureEvents,
  type OpenEdxPublicSignal,
  runtime,
  type SignalEvent,
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
  const hasBegun = () => writer.written > 0;
  await run(consumer, { bus: plugin.name, waitMs: options.wait, abortSignal, hasBegun });
  if (writer.failure !== undefined) throw writer.failure.error;
  if (!quiet || verbose) runtime().logger.info({}, `${writer.written} events consumed`);
  if (abortSignal.reason !== 'SIGTERM') abortSignal.throwIfAborted();
}

interface RunOptions {
  readonly bus: string;
  readonly waitMs: number;
  readonly abortSignal: AbortSignal;
  /** Whether an event has come through. */
  readonly hasBegun: () => boolean;
}

/** Runs it until it is stopped; all that it needs has to be there at the start: the broker, and its schema registry. */
async function run(consumer: Consumer, { bus, waitMs, abortSignal, hasBegun }: RunOptions): Promise<void> {
  const ended = new AbortController();
  const running = consumer.run({ abortSignal }).finally(() => ended.abort());
  const isStuck = runtime()
    .clock.sleep(waitMs, ended.signal)
    .then(() => !ended.signal.aborted && !hasBegun() && !consumer.health().ready);
  if (!(await Promise.race([isStuck, running.then(() => false)]))) return running;
  running.catch(() => {});
  throw busUnreachable(bus, waitMs, consumer.health().reasons);
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
