import { avroCodec } from '@openedx-ts/events-avro';
import type { Consumer, OpenEdxPublicSignal, SignalEvent } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import { busUnreachable } from '../bus/bus-unreachable.js';
import { closing } from '../bus/closing.js';
import { openBus } from '../bus/open-bus.js';
import { allKnownSignals } from '../signals/known-signals.js';
import type { CliIo } from '../terminal/cli-io.js';
import { type ConsumerArguments, consumerOptions } from './consumer-options.js';
import { eventLine, topicNames } from './event-line.js';
import { EventWriter, NotWritten } from './event-writer.js';

/** Options of `consume`. */
export interface ConsumeOptions extends ConsumerArguments {
  readonly bus?: string;
  readonly count?: number;
  readonly quiet: boolean;
  /** Whether personal data is written as `***`. */
  readonly mask: boolean;
  readonly verbose: boolean;
  /** How long the broker may be unreachable at the start, in milliseconds. */
  readonly wait: number;
}

/**
 * Writes the events of topics as they arrive, one a line, and acknowledges each once its line is written. Ends after
 * `count` events, when the reader of the output closes it, or when the command is interrupted.
 *
 * @throws CommandError when the broker cannot be reached at the start
 * @throws ConsumerFailedError when the consumer cannot continue
 */
export async function consumeTopics(options: ConsumeOptions, io: CliIo): Promise<void> {
  const { count, quiet, verbose, mask } = options;
  const given = consumerOptions(options);
  using bus = await openBus(options.bus, io, {
    level: verbose ? 'info' : 'warn',
    isReported: (error) => error instanceof NotWritten,
  });
  const { env = {}, abortSignal } = io;
  const codec = avroCodec({ unsafeIntegers: 'bigint' });
  const consumer = await bus.plugin.createConsumer(env, { ...given, codec });
  await using _consumer = closing(consumer);
  const writer = new EventWriter({ ...io, count, quiet, onEnd: () => consumer.stop() });
  const topicOf = topicNames(options.topics, given.topicPrefix ?? env.EVENT_BUS_TOPIC_PREFIX);
  using _receivers = connectAll(await allKnownSignals(), (event) => {
    if (event.delivery?.groupId !== options.group) return undefined;
    const place = { topic: topicOf(event.delivery.topic), position: event.delivery.position };
    return writer.write(() => eventLine(event, place, mask));
  });
  const hasWritten = () => writer.written > 0;
  await run(consumer, { bus: bus.plugin.name, waitMs: options.wait, abortSignal, hasWritten });
  if (writer.failure !== undefined) throw writer.failure.error;
  if (!quiet || verbose) runtime().logger.info({}, `${writer.written} events consumed`);
  if (abortSignal.reason !== 'SIGTERM') abortSignal.throwIfAborted();
}

interface RunOptions {
  readonly bus: string;
  readonly waitMs: number;
  readonly abortSignal: AbortSignal;
  /** Whether an event was written. */
  readonly hasWritten: () => boolean;
}

/** Runs the consumer until it is stopped. The broker and its schema registry must be reachable within `waitMs`. */
async function run(consumer: Consumer, { bus, waitMs, abortSignal, hasWritten }: RunOptions): Promise<void> {
  const ended = new AbortController();
  const running = consumer.run({ abortSignal }).finally(() => ended.abort());
  const isStuck = runtime()
    .clock.sleep(waitMs, ended.signal)
    .then(() => !ended.signal.aborted && !hasWritten() && !consumer.health().ready);
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
