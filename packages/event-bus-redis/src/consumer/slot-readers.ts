import type { Delivery } from '@openedx-ts/events-core/bus';
import { slotOf } from '../driver/command-key.js';
import type { RedisCommand } from '../driver/redis-command.js';
import { mergeGenerators } from './merge-generators.js';
import { SlotReader, type SlotReaderOptions } from './slot-reader.js';

/** What `SlotReaders` works with. */
export interface SlotReadersOptions
  extends Omit<SlotReaderOptions, 'blocking' | 'maxReplyBytes' | 'mayHold'> {
  /** The stream whose redriven events a retry topic holds; undefined for any other stream. */
  readonly topicOf: (stream: string) => string | undefined;
}

/**
 * Reads all streams of a consumer: with one blocking connection, or on a Redis Cluster with one for each slot. There a node
 * that is unreachable keeps only its own streams from being read.
 */
export class SlotReaders {
  readonly #readers: readonly SlotReader[];
  readonly #topicOf: SlotReadersOptions['topicOf'];
  readonly #byStream: ReadonlyMap<string, SlotReader>;

  constructor({ topicOf, ...context }: SlotReadersOptions) {
    this.#topicOf = topicOf;
    const { connection, options } = context;
    const groups = connection.isCluster ? [...bySlot(context.streams).values()] : [context.streams];
    // Replies come on top of what waits.
    const maxReplyBytes = options.maxBufferedBytes / (4 * groups.length);
    // Blocking reads delay every other command on their connection, so they have connections of their own.
    const blocking = () => connection.another({ clientName: 'openedx-events-reader', asksForId: true });
    const mayHold = (stream: string) => {
      const topic = topicOf(stream);
      return topic === undefined || this.#byStream.get(topic)?.leased?.holds(topic) === true;
    };
    this.#readers = groups.map(
      (streams) => new SlotReader({ ...context, streams, maxReplyBytes, blocking: blocking(), mayHold }),
    );
    this.#byStream = new Map(
      this.#readers.flatMap((reader) => reader.streams.map((stream) => [stream, reader] as const)),
    );
  }

  /** The streams that are read together. */
  get groups(): readonly (readonly string[])[] {
    return this.#readers.map(({ streams }) => streams);
  }

  /** Why streams are not read, for `health()`. */
  get reasons(): readonly string[] {
    const isKnown = ({ streams, usable }: SlotReader) =>
      streams.some((stream) => this.#topicOf(stream) === undefined || usable.wasOpen(stream));
    return this.#readers.filter(isKnown).flatMap(({ reasons }) => reasons);
  }

  /** Whether Redis refuses the key of a stream. */
  isRefused(stream: string): boolean {
    return this.#byStream.get(stream)?.usable.isRefused(stream) ?? false;
  }

  /** Whether a stream is read now, if nothing else is wrong. */
  isOpen(stream: string): boolean {
    return this.#byStream.get(stream)?.usable.has(stream) ?? false;
  }

  /** Whether this member may process a stream: with `singleActive`, while it holds the lease. */
  mayProcess(stream: string): boolean {
    return this.#byStream.get(stream)?.leased?.mayProcess(stream) ?? true;
  }

  /** Makes a command that Redis executes only while this member may process the stream. */
  fenced(stream: string, command: RedisCommand): RedisCommand {
    return this.#byStream.get(stream)?.leased?.fenced(stream, command) ?? command;
  }

  /** Notes that another member holds the lease of a stream. */
  lose(stream: string): void {
    this.#byStream.get(stream)?.leased?.lose(stream);
  }

  /** Releases every lease, so that other members acquire them at once. */
  async release(): Promise<void> {
    for (const { leased } of this.#readers) await leased?.release();
  }

  /** Ends as if the process had died: leases expire. */
  abandon(): void {
    for (const { leased } of this.#readers) leased?.abandon();
  }

  /** Creates the groups. With several slots each reader does so for its own streams. */
  async open(): Promise<void> {
    const [reader, ...others] = this.#readers;
    if (others.length === 0) await reader?.open();
  }

  /** Yields the deliveries of all streams. */
  read(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    const [reader, ...others] = this.#readers;
    if (reader !== undefined && others.length === 0) return reader.read(abortSignal);
    return mergeGenerators(this.#readers.map((one) => one.readAlways(abortSignal)));
  }

  async interrupt(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.interrupt()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.close()));
  }
}

function bySlot(streams: readonly string[]): ReadonlyMap<number, readonly string[]> {
  const groups = new Map<number, string[]>();
  for (const stream of streams) {
    const slot = slotOf(stream);
    groups.set(slot, [...(groups.get(slot) ?? []), stream]);
  }
  return groups;
}
