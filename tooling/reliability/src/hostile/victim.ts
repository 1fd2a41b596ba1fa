import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerUnderTest } from '../buses/bus-under-test.js';
import { now } from '../journal/journal-line.js';
import { JournalReader } from '../journal/journal-reader.js';
import { ForkedProcess } from '../processes/forked-process.js';
import type { TurnLine } from '../processes/watch-turns.js';

/** What a victim is started with. */
export interface VictimOptions {
  readonly folder: string;
  readonly broker: BrokerUnderTest;
  readonly topic: string;
  readonly groupId: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The only member of a group, in a process of its own. */
export class Victim {
  readonly groupId: string;
  readonly #options: VictimOptions;
  #process!: ForkedProcess;
  #journal!: JournalReader;
  #turns = '';
  #lives = 0;
  #linesRead = 0;
  #maxRssMb = 0;
  readonly #handled = new Set<string>();

  constructor(options: VictimOptions) {
    this.#options = options;
    this.groupId = options.groupId;
    this.start();
  }

  /** The most that one of its processes had. */
  get maxRssMb(): number {
    return this.#maxRssMb;
  }

  get stderr(): string {
    return this.#process.stderr;
  }

  /** Starts its process, for the first time or after `stop`. */
  start(): void {
    const { folder, broker, topic, groupId, options } = this.#options;
    this.#lives += 1;
    this.#linesRead = 0;
    const life = `${groupId}-${this.#lives}`;
    const journal = join(folder, `${life}.jsonl`);
    this.#turns = join(folder, `${life}.turns.jsonl`);
    this.#journal = new JournalReader(journal);
    this.#process = new ForkedProcess({
      life,
      is: 'consumer',
      env: broker.env,
      options: { journal, topic, groupId, options, task: {}, turns: this.#turns },
    });
  }

  /**
   * Waits until it has handled an event.
   *
   * @param withinMs since it logged something last: each event that it dead-letters before this one is an entry of the log
   * @returns what went wrong
   */
  async handles(eventId: string, withinMs: number): Promise<string | undefined> {
    const startedAt = now();
    let [movedAt, logged] = [startedAt, this.stderr];
    for (;;) {
      for (const [is, , id] of this.#journal.read()) if (is === 'finished') this.#handled.add(id);
      if (this.stderr !== logged) [movedAt, logged] = [now(), this.stderr];
      if (this.#handled.delete(eventId)) {
        this.#handled.clear();
        return undefined;
      }
      const { end } = this.#process;
      if (end !== undefined) return `the consumer of ${this.groupId} ended with ${end}`;
      if (now() - movedAt > withinMs || now() - startedAt > LONGEST_WAITS * withinMs)
        return `a good event was not handled within ${Math.round(now() - startedAt)} ms by ${this.groupId}`;
      await sleep(5);
    }
  }

  /** The longest turn of its event loop since the last call, in milliseconds of processor time. */
  longestTurn(): number {
    if (!existsSync(this.#turns)) return 0;
    const lines = readFileSync(this.#turns, 'utf8').split('\n').slice(0, -1);
    const fresh = lines.slice(this.#linesRead).map((line) => JSON.parse(line) as TurnLine);
    this.#linesRead = lines.length;
    this.#maxRssMb = Math.max(this.#maxRssMb, ...fresh.map(({ maxRssMb }) => maxRssMb));
    return Math.max(0, ...fresh.map(({ cpuMs }) => cpuMs));
  }

  /** Stops it gracefully. */
  async stop(): Promise<void> {
    if (this.#process.end === undefined) await this.#process.terminate();
    this.longestTurn();
    this.#journal[Symbol.dispose]();
  }

  async kill(): Promise<void> {
    if (this.#process.end === undefined) await this.#process.kill();
    this.#journal[Symbol.dispose]();
  }
}

/** So many times longer than without a log entry may a good event wait for those before it. */
const LONGEST_WAITS = 10;
