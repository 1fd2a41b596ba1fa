import { type Delivery, runtime } from '@openedx-ts/events-core/bus';
import type { InHand } from '../in-hand.js';
import type { PendingEntries } from '../pending-entries.js';
import type { RedisCommand, RedisConnection, RedisReply } from '../redis-connection.js';
import { entriesByStream, type StreamEntry } from '../stream-reply.js';
import type { TrimWatch } from '../watch/trim-watch.js';
import { Lease, NOT_HELD, orThrow } from './lease.js';

export interface LeasedReaderOptions {
  readonly streams: readonly string[];
  readonly groupId: string;
  readonly consumerName: string;
  readonly token: string;
  readonly leaseMs: number;
  readonly blockMs: number;
  readonly blockGraceMs: number;
  readonly batchSize: number;
  readonly deadlineMs: number;
  readonly connection: RedisConnection;
  readonly reading: RedisConnection;
  readonly pending: PendingEntries;
  readonly inHand: InHand;
  readonly watch: TrimWatch;
  readonly isPaused: (stream: string) => boolean;
  /** Called when a stream was lost with what is in hand of it. */
  readonly onLost: (stream: string) => void;
}

/**
 * Reads streams of which only one member of the group works on each at a time. Entries are read and claimed by commands
 * that Redis refuses to a member without the lease, so that nothing goes to one that was frozen or cut off; waiting for
 * new ones does not touch the group.
 */
export class LeasedReader {
  readonly #options: LeasedReaderOptions;
  readonly #tenures: ReadonlyMap<string, Tenure>;

  constructor(options: LeasedReaderOptions) {
    this.#options = options;
    this.#tenures = new Map(options.streams.map((stream) => [stream, this.#tenure(stream)]));
  }

  mayHandle(stream: string): boolean {
    const lease = this.#tenures.get(stream)?.lease;
    if (lease?.isHeld) return true;
    lease?.lose();
    return false;
  }

  /** Makes a command that Redis carries out only while this member has the stream. */
  fenced(stream: string, command: RedisCommand): RedisCommand {
    return this.#tenures.get(stream)?.lease.fenced(command) ?? command;
  }

  /** Notes that Redis says that the stream is another member's. */
  lose(stream: string): void {
    this.#tenures.get(stream)?.lease.lose();
  }

  /** Gives every stream back. */
  async release(): Promise<void> {
    for (const { lease } of this.#tenures.values()) await lease.release();
  }

  /** Ends as if the process had died. */
  abandon(): void {
    for (const { lease } of this.#tenures.values()) lease.abandon();
  }

  async *read(abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    for (const tenure of this.#tenures.values()) tenure.isTakenOver = false; // an answer may have been lost
    while (!abortSignal.aborted) {
      for (const tenure of this.#tenures.values()) {
        await this.#take(tenure);
        if (tenure.lease.isHeld && !tenure.isTakenOver) yield* this.#takeOver(tenure, abortSignal);
      }
      const deliveries = await this.#readNew();
      if (deliveries.length === 0) await this.#wait(abortSignal);
      yield deliveries;
    }
  }

  #tenure(stream: string): Tenure {
    const { connection, groupId, token, leaseMs, deadlineMs, inHand, onLost } = this.#options;
    const lost = () => {
      this.#tell(stream, false, 'the stream was lost to another member, or Redis cannot be reached in time');
      inHand.abandon(stream);
      onLost(stream);
    };
    const lease = new Lease({ connection, stream, groupId, token, leaseMs, deadlineMs, onLost: lost });
    return { stream, lease, isTakenOver: false, isTold: false, tryAt: 0, after: '0-0' };
  }

  async #take(tenure: Tenure): Promise<void> {
    const { stream, lease } = tenure;
    const { clock } = runtime();
    if (lease.isHeld || clock.monotonic() < tenure.tryAt) return;
    lease.lose();
    const waitMs = await lease.take();
    tenure.tryAt = clock.monotonic() + waitMs;
    if (waitMs > 0) {
      if (!tenure.isTold)
        this.#tell(stream, false, 'standby: another member of the group works on the stream');
      tenure.isTold = true;
      return;
    }
    tenure.isTold = false;
    tenure.isTakenOver = false;
    this.#options.inHand.begin(stream, lease.abortSignal as AbortSignal);
    this.#tell(stream, true, 'this member works on the stream now, the others of its group stand by');
  }

  /** What others left unfinished, which is older than all that is new: they are dead, or as good as. */
  async *#takeOver(tenure: Tenure, abortSignal: AbortSignal): AsyncGenerator<readonly Delivery[]> {
    const { stream, lease } = tenure;
    const { pending, batchSize, watch, inHand } = this.#options;
    await watch.look(stream);
    tenure.after = await this.#newestId(stream);
    pending.restart(stream);
    while (!abortSignal.aborted && lease.isHeld) {
      const { list: page, deliveries } = await inHand.takeListed(stream, () =>
        pending.claim(stream, 0, batchSize),
      );
      if (page === undefined) return lease.lose();
      watch.readAgain(stream, page.entries);
      tenure.isTakenOver = page.isLast;
      yield deliveries;
      if (page.isLast) return;
    }
  }

  async #readNew(): Promise<readonly Delivery[]> {
    const { groupId, consumerName, batchSize, connection, deadlineMs } = this.#options;
    const held = this.#readable();
    if (held.length === 0) return [];
    const reading = ['XREADGROUP', 'GROUP', groupId, consumerName, 'COUNT', String(batchSize), 'STREAMS'];
    const commands = held.map(({ stream, lease }) => lease.fenced([...reading, stream, '>']));
    const signals = held.map(({ lease }) => lease.abortSignal);
    const replies = (await connection.send(commands, deadlineMs)).map(orThrow);
    const deliveries: Delivery[] = [];
    for (const [index, tenure] of held.entries()) {
      const reply = replies[index] as RedisReply;
      if (reply === NOT_HELD) tenure.lease.lose();
      // What came after the lease was lost and taken anew is claimed with all the rest.
      else if (signals[index] === tenure.lease.abortSignal)
        deliveries.push(...(await this.#taken(tenure, reply)));
      else tenure.isTakenOver = false;
    }
    return deliveries;
  }

  async #taken(tenure: Tenure, reply: RedisReply): Promise<readonly Delivery[]> {
    const { pending, watch, inHand } = this.#options;
    const [, read] = entriesByStream(reply)[0] ?? [];
    const entries: readonly StreamEntry[] = read?.entries ?? [];
    const { stream } = tenure;
    watch.read(stream, entries);
    await pending.forget(stream, read?.trimmed ?? []);
    tenure.after = entries.at(-1)?.id ?? tenure.after;
    return inHand.takeNew(stream, entries);
  }

  #readable(): readonly Tenure[] {
    const { isPaused } = this.#options;
    return [...this.#tenures.values()].filter(
      ({ stream, lease, isTakenOver }) => lease.isHeld && isTakenOver && !isPaused(stream),
    );
  }

  /** Until something may be new, or a stream may be taken. */
  async #wait(abortSignal: AbortSignal): Promise<void> {
    if (abortSignal.aborted) return; // it would not be heard of below
    const { blockMs, blockGraceMs, reading } = this.#options;
    const { clock } = runtime();
    const others = [...this.#tenures.values()].filter(({ lease }) => !lease.isHeld);
    const untilTry = Math.min(...others.map(({ tryAt }) => tryAt - clock.monotonic()));
    const waitMs = Math.max(1, Math.ceil(Math.min(blockMs, untilTry)));
    const held = this.#readable();
    if (held.length === 0) return clock.sleep(Math.min(waitMs, MOST_PAUSE_MS), abortSignal);
    const names = held.map(({ stream }) => stream);
    const ids = held.map(({ after }) => after);
    const command = ['XREAD', 'COUNT', '1', 'BLOCK', String(waitMs), 'STREAMS', ...names, ...ids];
    const stop = () => void reading.interrupt();
    abortSignal.addEventListener('abort', stop, { once: true });
    try {
      const [reply] = await reading.send([command], waitMs + blockGraceMs);
      orThrow(reply as RedisReply);
    } finally {
      abortSignal.removeEventListener('abort', stop);
    }
  }

  async #newestId(stream: string): Promise<string> {
    const { connection, deadlineMs } = this.#options;
    const [reply] = await connection.send([['XREVRANGE', stream, '+', '-', 'COUNT', '1']], deadlineMs);
    const [entry] = (orThrow(reply as RedisReply) ?? []) as readonly (readonly [Buffer])[];
    return entry === undefined ? '0-0' : String(entry[0]);
  }

  #tell(stream: string, isHeld: boolean, message: string): void {
    const { groupId, consumerName } = this.#options;
    runtime().telemetry.record({ type: 'consumer.lease', lane: stream, groupId, isHeld });
    runtime().logger.info({ stream, groupId, consumerName }, message);
  }
}

interface Tenure {
  readonly stream: string;
  readonly lease: Lease;
  /** Whether everything that others left was claimed. */
  isTakenOver: boolean;
  /** Whether it was said that another member works. */
  isTold: boolean;
  tryAt: number;
  /** The newest entry known; waiting is for one behind it. */
  after: string;
}

/** A lane that waits for something is looked at again after that time. */
const MOST_PAUSE_MS = 100;
