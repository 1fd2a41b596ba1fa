import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerUnderTest } from './buses/bus-under-test.js';
import { type Identity, Ledger } from './checker/ledger.js';
import { type Moment, now } from './journal/journal-line.js';
import { JournalReader } from './journal/journal-reader.js';
import type { BusProcess, BusProcessCommand } from './processes/bus-process.js';
import { ForkedProcess } from './processes/forked-process.js';
import type { ReceiverTask } from './processes/receiver-task.js';
import { RigFailure } from './rig-failure.js';
import type { EffectCounts } from './run-result.js';
import type { SeededRandom } from './seeded-random.js';

export interface RigOptions {
  readonly broker: BrokerUnderTest;
  readonly random: SeededRandom;
  /** Where the journals go. */
  readonly folder: string;
  /** How long nothing may move. */
  readonly patienceMs: number;
  /** The folder of the clone that is the other version, for processes that are to use it. */
  readonly otherClone?: string | undefined;
}

/** When nothing has been written for so long, the broker is asked whether more can come. */
const quietMs = 1_000;

/** Producers and consumers as processes, the faults injected into them, and the counts of their journals. */
export class Rig implements AsyncDisposable {
  readonly broker: BrokerUnderTest;
  readonly random: SeededRandom;
  readonly otherClone: string | undefined;
  readonly ledger = new Ledger();
  readonly topic = 'items';
  readonly groupId = 'reliability';
  /** When faults were done. */
  readonly faultsAt: Moment[] = [];
  /** How long the broker was unreachable, each time. */
  readonly outagesMs: number[] = [];
  /** Processes that were ended by SIGKILL, and when. */
  readonly killed = new Map<string, Moment>();
  /** Which events should end as dead letters; undefined: none, and nobody looks. */
  shouldDie: ((sent: Identity) => boolean) | undefined;
  /** Counts what receivers did that use an inbox; undefined: none does. */
  countEffects: (() => EffectCounts | Promise<EffectCounts>) | undefined;
  readonly #options: RigOptions;
  readonly #servers: AsyncDisposable[] = [];
  readonly #readers = new Map<string, JournalReader>();
  readonly #producers: BusProcess[] = [];
  readonly #processes = new Set<BusProcess>();
  /** Those that may end with 0. */
  readonly #ending = new Set<BusProcess>();
  /** Those that may be ended by what they handle, and what takes their place. */
  readonly #mortal = new Map<BusProcess, () => BusProcess>();
  #movedAt: Moment = 0;
  #count = 0;

  constructor(options: RigOptions) {
    this.#options = options;
    this.broker = options.broker;
    this.random = options.random;
    this.otherClone = options.otherClone;
  }

  /** Starts producers that share a number of events; each has keys of its own, and so many sends wait for the bus at once. */
  startProducers(
    count: number,
    load: { readonly events: number; readonly perSecond?: number; readonly inFlight?: number },
    clone?: string,
  ): readonly BusProcess[] {
    const { events, perSecond, inFlight = 128 } = load;
    return Array.from({ length: count }, (_, index) => {
      const share = Math.floor(events / count) + (index < events % count ? 1 : 0);
      const { life, journal } = this.#newLife('producer');
      const keys = Array.from({ length: 16 }, (_, key) => `${life}-${key}`);
      const pace = perSecond === undefined ? undefined : perSecond / count;
      const options = { journal, topic: this.topic, events: share, inFlight, perSecond: pace, keys };
      const producer = this.#start({ life, is: 'producer', env: this.broker.env, clone, options });
      this.#producers.push(producer);
      this.#ending.add(producer);
      return producer;
    });
  }

  /** Starts a member of the group. One that is killed by what it handles is started anew each time. */
  startConsumer(
    options: Readonly<Record<string, unknown>>,
    task: ReceiverTask = {},
    clone?: string,
  ): BusProcess {
    const { life, journal } = this.#newLife('consumer');
    const { topic, groupId } = this;
    const consumer = this.#start({
      life,
      is: 'consumer',
      env: this.broker.env,
      clone,
      options: { journal, topic, groupId, options, task },
    });
    if (task.fault?.is === 'kills')
      this.#mortal.set(consumer, () => this.startConsumer(options, task, clone));
    return consumer;
  }

  /** Keeps a server for as long as the rig is there. */
  use<Server extends AsyncDisposable>(server: Server): Server {
    this.#servers.push(server);
    return server;
  }

  /** Ends a process by SIGKILL. */
  async kill(victim: BusProcess): Promise<void> {
    this.#ending.add(victim);
    this.killed.set(victim.life, now());
    this.faultsAt.push(now());
    await victim.kill();
  }

  /** Stops a process in the middle of what it does, until it is thawed. */
  freeze(victim: BusProcess): void {
    this.faultsAt.push(now());
    victim.freeze();
  }

  /** Ends a process by SIGTERM. */
  async terminate(process: BusProcess): Promise<void> {
    this.#ending.add(process);
    this.faultsAt.push(now());
    await process.terminate();
  }

  /** Does something to the broker that makes it unusable for as long as this takes. */
  async outage(fault: () => Promise<void>): Promise<void> {
    const startedAt = now();
    this.faultsAt.push(startedAt);
    await fault();
    this.outagesMs.push(now() - startedAt);
    this.#read(); // what was written meanwhile counts as before
  }

  /**
   * Resolves when the counts satisfy the condition.
   * @throws RigFailure when a process ended that should not have, or nothing moves any more
   */
  async until(isReached: () => boolean): Promise<void> {
    if (await this.#watch(isReached, this.#options.patienceMs)) return;
    const { offered, accepted, handled } = this.ledger;
    const endings = [...this.#processes].map(({ life, stderr }) =>
      stderr === '' ? '' : `\n${life}: ${stderr}`,
    );
    throw new RigFailure(
      `nothing has moved for ${this.#options.patienceMs} ms, after ${offered} offered, ${accepted} accepted and ${handled} handled${endings.join('')}`,
    );
  }

  /** Resolves when the producers are done and all that was accepted is handled, or when nothing will move any more. */
  async settle(): Promise<void> {
    const { ledger } = this;
    const areDone = () => this.#producers.every(({ end }) => end !== undefined);
    const isSettled = () =>
      areDone() &&
      ledger.accepted + ledger.rejected === ledger.offered &&
      ledger.acceptedAndHandled === ledger.accepted;
    const startedAt = now();
    while (!(await this.#watch(isSettled, quietMs))) {
      if (areDone() && (await this.#isBrokerDone())) return;
      if (now() - Math.max(startedAt, this.#movedAt) > this.#options.patienceMs) return;
    }
    // What one that was killed had handled and not acknowledged is pending until another takes it over.
    const deadline = now() + this.#options.patienceMs;
    while (!(await this.#isBrokerDone()) && now() < deadline) await this.#watch(() => false, 50);
  }

  /** Stops the processes with SIGTERM and reads the rest of their journals. @returns how those ended that did not end with 0 */
  async end(): Promise<readonly string[]> {
    const running = [...this.#processes].filter(({ end }) => end === undefined);
    await Promise.all(running.map((process) => process.terminate()));
    this.#read();
    return [...this.#processes]
      .filter(({ life, end }) => end !== 0 && !this.killed.has(life))
      .map(({ life, end, stderr }) => `${life} ended with ${end}: ${stderr}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#processes].filter(({ end }) => end === undefined).map((process) => process.kill()),
    );
    for (const reader of this.#readers.values()) reader[Symbol.dispose]();
    for (const server of this.#servers.splice(0)) await server[Symbol.asyncDispose]();
  }

  #start(command: BusProcessCommand): BusProcess {
    const process = this.broker.startProcess?.(command) ?? new ForkedProcess(command);
    this.#processes.add(process);
    return process;
  }

  #newLife(is: string): { readonly life: string; readonly journal: string } {
    this.#count += 1;
    const life = `${is}-${this.#count}`;
    const journal = join(this.#options.folder, `${life}.jsonl`);
    this.#readers.set(life, new JournalReader(journal));
    return { life, journal };
  }

  /** Reads journals until the condition holds (true) or nothing has changed for the patience (false). */
  async #watch(isReached: () => boolean, patienceMs: number): Promise<boolean> {
    const startedAt = now();
    for (;;) {
      if (this.#read() > 0) this.#movedAt = now();
      this.#mustLive();
      if (isReached()) return true;
      if (now() - Math.max(startedAt, this.#movedAt) > patienceMs) return false;
      await sleep(5);
    }
  }

  /** Whether the broker has nothing left to deliver: what is missing then never comes. */
  async #isBrokerDone(): Promise<boolean> {
    const { pending, unread } = await this.broker.stock(this.topic, this.groupId);
    return pending === 0 && unread === 0;
  }

  #mustLive(): void {
    for (const [process, startNext] of this.#mortal) {
      if (process.end !== 'SIGKILL') continue;
      this.#mortal.delete(process);
      this.killed.set(process.life, now());
      this.faultsAt.push(now());
      startNext();
    }
    for (const process of this.#processes) {
      const { life, end, stderr } = process;
      const isFine = this.killed.has(life) || (this.#ending.has(process) && end === 0);
      if (end !== undefined && !isFine) throw new RigFailure(`${life} ended with ${end}\n${stderr}`);
    }
  }

  /** @returns how many lines there were */
  #read(): number {
    let count = 0;
    for (const [life, reader] of this.#readers) {
      const lines = reader.read();
      this.ledger.book(life, lines);
      count += lines.length;
    }
    return count;
  }
}
