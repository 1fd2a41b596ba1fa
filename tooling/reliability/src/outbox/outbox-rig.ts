import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  mysqlOutboxStore,
  type OutboxLease,
  type OutboxStore,
  postgresOutboxStore,
} from '@openedx-ts/events-outbox';
import type { BusProcess } from '../processes/bus-process.js';
import type { SeededRandom } from '../seeded-random.js';
import type { RunningDatabase } from './database-under-test.js';
import type { OutboxSize } from './outbox-scenario.js';
import { PublicationLog } from './publication-log.js';
import { countTruth, createTruth } from './truth.js';
import { waitUntil } from './wait-until.js';

/** With what the rig works. */
export interface OutboxRigParts {
  readonly running: RunningDatabase;
  readonly size: OutboxSize;
  readonly random: SeededRandom;
  readonly seed: number;
  /** For what processes write down. */
  readonly folder: string;
}

/** Four processes with four writers each, two relays, and the faults that are injected into them. */
export class OutboxRig implements AsyncDisposable {
  readonly store: OutboxStore;
  readonly log: PublicationLog;
  /** When faults were done, in milliseconds since 1970. */
  readonly faultsAt: number[] = [];
  readonly takeOversMs: number[] = [];
  readonly recoveriesMs: number[] = [];
  /** Processes that did not end well when they were asked to. */
  readonly badEnds: string[] = [];
  readonly #parts: OutboxRigParts;
  readonly #deadlocks: string;
  readonly #writers: BusProcess[] = [];
  readonly #relays: BusProcess[] = [];
  #count = 0;

  constructor(parts: OutboxRigParts) {
    this.#parts = parts;
    const { database, topics } = parts.running;
    this.store = database.dialect === 'mysql' ? mysqlOutboxStore() : postgresOutboxStore();
    this.log = new PublicationLog(topics, topic);
    this.#deadlocks = join(parts.folder, 'deadlocks');
  }

  /** Creates the tables, and starts two relays and the writers. */
  async start(): Promise<void> {
    const { database } = this.#parts.running;
    await this.store.migrate(database);
    await createTruth(database, this.#parts.size.keys);
    for (let count = 0; count < 2; count++) this.#startRelay();
    for (let count = 0; count < writerProcesses; count++) this.#startWriter();
    await this.#untilNewPublished(0);
  }

  /** How many transactions the database has ended because of a deadlock. */
  get deadlocks(): number {
    return existsSync(this.#deadlocks) ? readFileSync(this.#deadlocks, 'utf8').split('\n').length - 1 : 0;
  }

  /** Waits until so many events are committed. */
  async untilCommitted(events: number): Promise<void> {
    let last = -1;
    await this.#until(async (moved) => {
      const committed = await countTruth(this.#parts.running.database);
      if (committed > last) moved();
      last = committed;
      return committed >= events;
    }, `${events} events are committed`);
  }

  /** SIGKILL of a process with four writers, and a new one. */
  async killWriter(): Promise<void> {
    const [victim] = this.#writers.splice(this.#parts.random.below(this.#writers.length), 1);
    await victim?.kill();
    await this.#recover(() => this.#startWriter());
  }

  /** SIGKILL of the relay that holds the lease, and a new one that stands by. */
  async killRelay(): Promise<void> {
    const { victim, lease } = await this.#activeRelay();
    this.#relays.splice(this.#relays.indexOf(victim), 1);
    await victim.kill();
    await this.#recover(async () => {
      this.#startRelay();
      await this.#untilTaken(lease);
    });
  }

  /** SIGSTOP of the relay that holds the lease, until another holds it and has published. */
  async freezeRelay(): Promise<void> {
    const { victim, lease } = await this.#activeRelay();
    victim.freeze();
    try {
      await this.#recover(() => this.#untilTaken(lease));
    } finally {
      victim.unfreeze();
    }
    await this.#untilNewPublished(Date.now()); // it may still send the rest of its request
  }

  /** SIGKILL of the database, and its restart. */
  async killDatabase(): Promise<void> {
    await this.#parts.running.kill();
    await this.#recover(() => this.#parts.running.restart());
  }

  /** Stops the writers, and waits until the outbox is empty and nothing more is published. */
  async settle(): Promise<void> {
    await this.#end(this.#writers);
    let last = -1;
    await this.#until(async (moved) => {
      await this.log.refresh();
      const { length } = this.log.publications;
      if (length !== last) moved();
      last = length;
      return (await this.left()) === 0;
    }, 'the outbox is empty');
    await this.#end(this.#relays);
    await this.log.refresh();
  }

  /** How many events are in the outbox. */
  async left(): Promise<number> {
    return this.#countOf('event_outbox');
  }

  /** How many events the relay has parked. */
  async parked(): Promise<number> {
    return this.#countOf('event_outbox_parked');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left = [...this.#writers, ...this.#relays];
    for (const process of left) process.unfreeze();
    await Promise.all(left.map((process) => process.kill()));
  }

  #startWriter(): void {
    const { running, size, seed } = this.#parts;
    const life = this.#newLife('writer');
    const { keys, hotKeys } = size;
    const perSecond = size.perSecond / writerProcesses;
    const deadlocks = this.#deadlocks;
    const options = {
      topic,
      seed: seed + this.#count * 1_009,
      writers: 4,
      perSecond,
      keys,
      hotKeys,
      deadlocks,
    };
    this.#writers.push(running.startWriter(life, options));
  }

  #startRelay(): void {
    const life = this.#newLife('relay');
    this.#relays.push(this.#parts.running.startRelay(life, { leaseMs }));
  }

  #newLife(kind: string): string {
    this.#count += 1;
    return `${kind}-${this.#count}`;
  }

  async #activeRelay(): Promise<{ readonly victim: BusProcess; readonly lease: OutboxLease }> {
    let found: { readonly victim: BusProcess; readonly lease: OutboxLease } | undefined;
    await this.#until(async () => {
      const lease = await this.store.readLease(this.#parts.running.database);
      const victim = this.#relays.find(({ life }) => life === lease?.host);
      if (lease !== undefined && victim !== undefined) found = { victim, lease };
      return found !== undefined;
    }, 'a relay holds the lease');
    return found as { readonly victim: BusProcess; readonly lease: OutboxLease };
  }

  /**
   * Notes a fault that was done just now, and how long it takes until events are published again. Returns when new events
   * are: what the fault has caused to be published twice comes before them, and is not taken for the work of the next fault.
   */
  async #recover(repair: () => void | Promise<void>): Promise<void> {
    const at = Date.now();
    this.faultsAt.push(at);
    await repair();
    await this.#untilNewPublished(Date.now());
    const next = this.log.publications.find((publication) => publication.at > at);
    if (next !== undefined) this.recoveriesMs.push(next.at - at);
  }

  async #untilTaken(seen: OutboxLease): Promise<void> {
    const from = performance.now();
    await this.#until(async () => {
      const lease = await this.store.readLease(this.#parts.running.database);
      return lease !== undefined && lease.term !== seen.term;
    }, 'another relay holds the lease');
    this.takeOversMs.push(Math.round(performance.now() - from));
  }

  async #untilNewPublished(after: number): Promise<void> {
    await this.#until(async () => {
      await this.log.refresh();
      return this.log.hasFirstAfter(after);
    }, 'new events are published');
  }

  async #countOf(table: string): Promise<number> {
    const { rows } = await this.#parts.running.database.query(`SELECT count(*) AS n FROM ${table}`);
    return Number(rows[0]?.n);
  }

  #until(isDone: (moved: () => void) => Promise<boolean>, what: string): Promise<void> {
    return waitUntil({ isDone, what, processes: () => [...this.#writers, ...this.#relays] });
  }

  async #end(processes: BusProcess[]): Promise<void> {
    const ending = processes.splice(0);
    await Promise.all(ending.map((process) => process.terminate()));
    for (const { life, end, stderr } of ending)
      if (end !== 0) this.badEnds.push(`${life} ended with ${end}: ${stderr}`);
  }
}

/** The lease of the relays, shorter than by default: a run waits for it at each fault. */
export const leaseMs = 2_000;

const topic = 'items';
const writerProcesses = 4;
