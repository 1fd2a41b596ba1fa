import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerUnderTest } from './buses/bus-under-test.js';
import { Ledger } from './checker/ledger.js';
import { type Moment, now } from './journal/journal-line.js';
import { JournalReader } from './journal/journal-reader.js';
import { BusProcess } from './processes/bus-process.js';
import { RigFailure } from './rig-failure.js';
import type { SeededRandom } from './seeded-random.js';

export interface RigOptions {
  readonly broker: BrokerUnderTest;
  readonly random: SeededRandom;
  /** Where the journals go. */
  readonly folder: string;
  /** How long nothing may move. */
  readonly patienceMs: number;
}

/** Producers and consumers as processes, what is done to them, and the books over what they say. */
export class Rig implements AsyncDisposable {
  readonly broker: BrokerUnderTest;
  readonly random: SeededRandom;
  readonly ledger = new Ledger();
  readonly topic = 'items';
  readonly groupId = 'reliability';
  /** When faults were done. */
  readonly faultsAt: Moment[] = [];
  /** How long the broker was away, each time. */
  readonly outagesMs: number[] = [];
  /** Processes that were ended by SIGKILL. */
  readonly killed = new Set<string>();
  readonly #options: RigOptions;
  readonly #readers = new Map<string, JournalReader>();
  readonly #processes = new Set<BusProcess>();
  /** Those that may end with 0. */
  readonly #ending = new Set<BusProcess>();
  #count = 0;

  constructor(options: RigOptions) {
    this.#options = options;
    this.broker = options.broker;
    this.random = options.random;
  }

  /** Starts producers that share a number of events; each has keys of its own. */
  startProducers(
    count: number,
    { events, inFlight = 128 }: { readonly events: number; readonly inFlight?: number },
  ): void {
    for (let index = 0; index < count; index += 1) {
      const share = Math.floor(events / count) + (index < events % count ? 1 : 0);
      const { life, journal } = this.#newLife('producer');
      const keys = Array.from({ length: 16 }, (_, key) => `${life}-${key}`);
      const options = { journal, topic: this.topic, events: share, inFlight, keys };
      const producer = new BusProcess({ life, is: 'producer', env: this.broker.env, options });
      this.#processes.add(producer);
      this.#ending.add(producer);
    }
  }

  /** Starts a member of the group. */
  startConsumer(options: Readonly<Record<string, unknown>>): BusProcess {
    const { life, journal } = this.#newLife('consumer');
    const { topic, groupId } = this;
    const consumer = new BusProcess({
      life,
      is: 'consumer',
      env: this.broker.env,
      options: { journal, topic, groupId, options },
    });
    this.#processes.add(consumer);
    return consumer;
  }

  /** Ends a process by SIGKILL. */
  async kill(victim: BusProcess): Promise<void> {
    this.#ending.add(victim);
    this.killed.add(victim.life);
    this.faultsAt.push(now());
    await victim.kill();
  }

  /** Ends a process by SIGTERM. */
  async terminate(process: BusProcess): Promise<void> {
    this.#ending.add(process);
    this.faultsAt.push(now());
    await process.terminate();
  }

  /** Takes the broker away and brings it back. */
  async outage(take: () => Promise<void>, bringBack: () => Promise<void>): Promise<void> {
    const takenAt = now();
    this.faultsAt.push(takenAt);
    await take();
    await bringBack();
    this.outagesMs.push(now() - takenAt);
  }

  /**
   * Resolves when the books say so.
   * @throws RigFailure when a process ended that should not have, or nothing moves any more
   */
  async until(isReached: () => boolean): Promise<void> {
    if (await this.#watch(isReached)) return;
    const { offered, accepted, handled } = this.ledger;
    const said = [...this.#processes].map(({ life, stderr }) =>
      stderr === '' ? '' : `\n${life}: ${stderr}`,
    );
    throw new RigFailure(
      `nothing has moved for ${this.#options.patienceMs} ms, after ${offered} offered, ${accepted} accepted and ${handled} handled${said.join('')}`,
    );
  }

  /** Resolves when so many events were offered and all that were accepted are handled, or nothing moves any more. */
  async settle(events: number): Promise<void> {
    const { ledger } = this;
    await this.#watch(
      () => ledger.accepted + ledger.rejected >= events && ledger.acceptedAndHandled >= ledger.accepted,
    );
  }

  /** Ends the processes by SIGTERM and reads the last they have to say. @returns how those ended that did not end with 0 */
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
  }

  #newLife(is: string): { readonly life: string; readonly journal: string } {
    this.#count += 1;
    const life = `${is}-${this.#count}`;
    const journal = join(this.#options.folder, `${life}.jsonl`);
    this.#readers.set(life, new JournalReader(journal));
    return { life, journal };
  }

  /** Reads on until the books say so: true; or until nothing moves: false. */
  async #watch(isReached: () => boolean): Promise<boolean> {
    let movedAt = now();
    for (;;) {
      if (this.#read() > 0) movedAt = now();
      this.#mustLive();
      if (isReached()) return true;
      if (now() - movedAt > this.#options.patienceMs) return false;
      await sleep(5);
    }
  }

  #mustLive(): void {
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
