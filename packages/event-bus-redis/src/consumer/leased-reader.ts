import { randomUUID } from 'node:crypto';
import { type Delivery, FailureLog, runtime } from '@openedx-ts/events-core/bus';
import { NOT_HELD } from '../driver/fenced-command.js';
import type { RedisCommand, RedisReply } from '../driver/redis-command.js';
import { keyRefusal, RedisReplyError, thrownError } from '../driver/redis-reply-error.js';
import { Lease } from '../lease/lease.js';
import { entriesByStream, entryBytes } from '../stream/stream-reply.js';
import type { LeasedStream } from './leased-stream.js';
import {
  callBlocking,
  PAUSED_WAIT_MS,
  type StreamReader,
  type StreamReaderOptions,
} from './stream-reader.js';

/** What a `LeasedReader` works with. */
export interface LeasedReaderOptions extends StreamReaderOptions {
  /** Whether this member may hold the lease of a stream: that of a retry topic together with that of its topic. */
  readonly mayHold: (stream: string) => boolean;
  /** Called when the lease of a stream was lost; its entries are no longer pending for this member. */
  readonly onLost: (stream: string) => void;
}

/**
 * Reads streams of which one member of the group at a time processes each. Redis executes the commands that read and
 * claim entries only for the member that holds the lease, so a member that was frozen or cut off receives none. To wait
 * for new entries it uses `XREAD`, which does not affect the group.
 */
export class LeasedReader implements StreamReader {
  readonly #context: LeasedReaderOptions;
  readonly #streams: ReadonlyMap<string, LeasedStream>;
  readonly #problems: FailureLog;

  constructor(context: LeasedReaderOptions) {
    this.#context = context;
    const token = `${context.consumerName} ${randomUUID()}`;
    const { groupId } = context.options;
    this.#problems = new FailureLog({
      failing: 'No member of the group can process a stream, because its lease key is not that of a member.',
      recovered: 'The lease keys of all streams are in order again.',
      facts: { groupId },
    });
    this.#streams = new Map(context.streams.map((stream) => [stream, this.#leasedStream(stream, token)]));
  }

  /** Why streams have no member that processes them: their lease keys are not those of members. */
  get problems(): readonly string[] {
    return [...this.#streams.values()].flatMap(({ lease: { problem } }) => problem ?? []);
  }

  /** Whether this member holds the lease of a stream at this moment. */
  mayProcess(stream: string): boolean {
    const lease = this.#streams.get(stream)?.lease;
    if (lease?.isHeld && this.#context.mayHold(stream)) return true;
    lease?.lose();
    return false;
  }

  /** Whether this member holds the lease of a stream. */
  holds(stream: string): boolean {
    return this.#streams.get(stream)?.lease.isHeld ?? false;
  }

  /** Makes a command that Redis executes only while this member holds the lease of the stream. */
  fenced(stream: string, command: RedisCommand): RedisCommand {
    return this.#streams.get(stream)?.lease.fenced(command) ?? command;
  }

  /** Notes that another member holds the lease of a stream, as a reply of Redis has shown. */
  lose(stream: string): void {
    this.#streams.get(stream)?.lease.lose();
  }

  /** Releases every lease, so that other members acquire them at once. */
  async release(): Promise<void> {
    for (const { lease } of this.#streams.values()) await lease.release();
  }

  /** Ends as if the process had died: leases expire. */
  abandon(): void {
    for (const { lease } of this.#streams.values()) lease.abandon();
  }

  /** Yields what other members abandoned in each stream whose lease is acquired, then new entries. */
  async *read(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    const { usable } = this.#context;
    for (const leased of this.#streams.values()) leased.isClaimed = false; // a reply may have been lost
    while (!abortSignal.aborted) {
      for (const stream of await usable.open()) {
        const leased = this.#streams.get(stream) as LeasedStream;
        try {
          await this.#acquire(leased);
          if (leased.lease.isHeld && !leased.isClaimed) yield* this.#claimAll(leased, abortSignal);
        } catch (error) {
          this.#refuse(leased, error);
        }
      }
      const deliveries = await this.#readNew();
      if (deliveries.length === 0) await this.#wait(abortSignal);
      yield deliveries;
    }
  }

  /** Leaves out a stream whose key Redis refuses; once it is back, all its pending entries are claimed again. */
  #refuse(leased: LeasedStream, error: unknown): void {
    leased.isClaimed = false;
    this.#context.usable.refuse(leased.stream, error);
  }

  #leasedStream(stream: string, token: string): LeasedStream {
    const { connection, options, ownPending, onLost } = this.#context;
    const { groupId, leaseMs, commandTimeoutMs } = options;
    const lost = () => {
      this.#report(
        stream,
        false,
        'this member lost the lease of the stream: another member holds it, or Redis did not reply in time',
      );
      ownPending.clear(stream);
      onLost(stream);
    };
    const lease = new Lease({ connection, stream, groupId, token, leaseMs, commandTimeoutMs, onLost: lost });
    return { stream, lease, isClaimed: false, isStandby: false, tryAt: 0, lastId: '0-0' };
  }

  async #acquire(leased: LeasedStream): Promise<void> {
    const { stream, lease } = leased;
    const { clock } = runtime();
    const mayHold = this.#context.mayHold(stream);
    if (mayHold && (lease.isHeld || clock.monotonic() < leased.tryAt)) return;
    lease.lose();
    const waitMs = mayHold ? await lease.acquire() : PAUSED_WAIT_MS;
    leased.tryAt = clock.monotonic() + waitMs;
    const wasStandby = leased.isStandby;
    leased.isStandby = waitMs > 0 && lease.problem === undefined;
    if (lease.problem !== undefined) return this.#problems.failed(new Error(lease.problem), { stream });
    if (this.problems.length === 0) this.#problems.recovered();
    if (waitMs > 0) {
      this.#context.usable.confirm([stream]);
      if (!wasStandby)
        this.#report(stream, false, 'standby: another member of the group processes the stream');
      return;
    }
    const { abortSignal } = lease;
    if (abortSignal === undefined) return; // lost again already
    leased.isClaimed = false;
    this.#context.ownPending.restart(stream, abortSignal);
    this.#report(stream, true, 'this member holds the lease of the stream and processes it');
  }

  /** Claims every pending entry, which is older than all new ones: the member that received it has lost the lease. */
  async *#claimAll(leased: LeasedStream, abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    const { stream, lease } = leased;
    const { pending, batch, watch, ownPending } = this.#context;
    watch.restart(stream);
    await watch.look(stream);
    leased.lastId = await this.#newestId(stream);
    pending.restart(stream);
    while (!abortSignal.aborted && lease.isHeld) {
      const page = await pending.claim(stream, 0, batch.size);
      if (page === undefined) return lease.lose();
      watch.readAgain(stream, page.entries);
      leased.isClaimed = page.isLast;
      batch.grow(page.entries.length, entryBytes(page.entries));
      yield ownPending.add(stream, page.entries);
      if (page.isLast) return;
    }
  }

  async #readNew(): Promise<readonly Delivery[]> {
    const { consumerName, connection, batch, watch, options } = this.#context;
    const { groupId } = options;
    const readable = this.#readable();
    for (const { stream } of readable) await watch.beforeRead(stream);
    const size = String(batch.sizeOf(readable.length));
    const reading = ['XREADGROUP', 'GROUP', groupId, consumerName, 'COUNT', size, 'STREAMS'];
    const commands = readable.map(({ stream, lease }) => lease.fenced([...reading, stream, '>']));
    const signals = readable.map(({ lease }) => lease.abortSignal);
    const replies = await connection.send(commands);
    const isOther = (reply: unknown) => reply instanceof RedisReplyError && !reply.isOfKey;
    const failure = replies.find(isOther) as RedisReplyError | undefined;
    if (failure !== undefined) throw thrownError(failure);
    const deliveries: Delivery[] = [];
    for (const [index, leased] of readable.entries()) {
      const reply = replies[index] as RedisReply | RedisReplyError;
      if (reply instanceof RedisReplyError) {
        this.#refuse(leased, reply);
        continue;
      }
      this.#context.usable.confirm([leased.stream]);
      if (reply === NOT_HELD) leased.lease.lose();
      // Entries that were read before the lease was lost and acquired again are claimed with all others.
      else if (signals[index] === leased.lease.abortSignal)
        deliveries.push(...(await this.#delivered(leased, reply)));
      else leased.isClaimed = false;
    }
    return deliveries;
  }

  async #delivered(leased: LeasedStream, reply: RedisReply): Promise<readonly Delivery[]> {
    const { pending, watch, batch, ownPending } = this.#context;
    const { stream } = leased;
    const [, { entries, trimmed } = { entries: [], trimmed: [] }] = entriesByStream(reply)[0] ?? [];
    watch.read(stream, entries, trimmed.length);
    batch.grow(entries.length, entryBytes(entries));
    await pending.discard(stream, trimmed);
    leased.lastId = entries.at(-1)?.id ?? leased.lastId;
    return ownPending.add(stream, entries);
  }

  #readable(): readonly LeasedStream[] {
    const { isPaused, usable } = this.#context;
    return [...this.#streams.values()].filter(
      ({ stream, lease, isClaimed }) => lease.isHeld && isClaimed && usable.has(stream) && !isPaused(stream),
    );
  }

  /** Waits until there are new entries, or until a lease may be acquired. */
  async #wait(abortSignal: AbortSignal): Promise<void> {
    if (abortSignal.aborted) return; // a signal that has fired interrupts no command
    const { clock } = runtime();
    const { usable, blocking } = this.#context;
    const isAwaited = ({ stream, lease }: LeasedStream) => !lease.isHeld && usable.has(stream);
    const others = [...this.#streams.values()].filter(isAwaited);
    const untilTry = Math.min(...others.map(({ tryAt }) => tryAt - clock.monotonic()));
    const waitMs = Math.max(1, Math.ceil(Math.min(this.#context.options.blockMs, untilTry)));
    const readable = this.#readable();
    if (readable.length === 0) return clock.sleep(Math.min(waitMs, PAUSED_WAIT_MS), abortSignal);
    const names = readable.map(({ stream }) => stream);
    const ids = readable.map(({ lastId }) => lastId);
    const command = ['XREAD', 'COUNT', '1', 'BLOCK', String(waitMs), 'STREAMS', ...names, ...ids];
    // To cut it off is safe: `XREAD` delivers nothing to the group.
    const reading = callBlocking(blocking, command, waitMs, abortSignal, () => void blocking.interrupt());
    await reading.catch(async (error: unknown) => {
      if (keyRefusal(error) === undefined) throw error;
      await clock.sleep(PAUSED_WAIT_MS, abortSignal); // the next read for the group shows which stream it is
    });
  }

  async #newestId(stream: string): Promise<string> {
    const reply = await this.#context.connection.call(['XREVRANGE', stream, '+', '-', 'COUNT', '1']);
    const [entry] = (reply ?? []) as readonly (readonly [Buffer])[];
    return entry === undefined ? '0-0' : String(entry[0]);
  }

  #report(stream: string, isHeld: boolean, message: string): void {
    const { consumerName, options } = this.#context;
    const { groupId } = options;
    runtime().telemetry.record({ type: 'consumer.lease', lane: stream, groupId, isHeld });
    runtime().logger.info({ stream, groupId, consumerName }, message);
  }
}
