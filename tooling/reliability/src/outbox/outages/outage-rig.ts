import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TopicStore } from '@openedx-ts/events-core/operate';
import { type OutboxStore, postgresOutboxStore } from '@openedx-ts/events-outbox';
import type { SqlDatabase } from '@openedx-ts/events-sql';
import { ForkedProcess } from '../../processes/forked-process.js';
import { RigFailure } from '../../rig-failure.js';
import type { DatabaseAddress } from '../open-database.js';
import { PublicationLog } from '../publication-log.js';
import { waitUntil } from '../wait-until.js';
import type { OutageBus } from './outage-bus.js';
import { type Measured, measuredOf } from './outage-measures.js';
import type { RequestProcessOptions } from './request-process-options.js';

/** With what the rig works. */
export interface OutageRigParts {
  readonly bus: OutageBus;
  readonly address: DatabaseAddress;
  /** The rig's own connection. */
  readonly database: SqlDatabase<unknown>;
  readonly topics: TopicStore;
  readonly perSecond: number;
  /** For what processes write down. */
  readonly folder: string;
}

/** Processes with requests, a relay, and what they have written down. */
export class OutageRig implements AsyncDisposable {
  readonly store: OutboxStore = postgresOutboxStore();
  readonly badEnds: string[] = [];
  readonly #parts: OutageRigParts;
  readonly #processes: ForkedProcess[] = [];
  readonly #logs = new Map<string, PublicationLog>();
  #requests = 0;

  constructor(parts: OutageRigParts) {
    this.#parts = parts;
  }

  startRelay(): void {
    const { bus, address, folder } = this.#parts;
    const life = 'relay';
    const memory = { resident: join(folder, 'relay-resident'), heap: join(folder, 'relay-heap') };
    const options = { life, leaseMs: 10_000, database: address, memory };
    this.#processes.push(new ForkedProcess({ life, is: 'outbox-relay', env: bus.env, options }));
  }

  /** Starts requests whose events go to these topics, with keys of their own. @returns the number of the process */
  startRequests(...topics: readonly string[]): number {
    const { bus, address, folder, perSecond } = this.#parts;
    const number = this.#requests;
    this.#requests += 1;
    const life = `requests-${number}`;
    const options: RequestProcessOptions = {
      database: address,
      topics,
      perSecond,
      firstKey: number * keysOfProcess,
      keys: keysOfProcess,
      log: join(folder, life),
    };
    this.#processes.push(new ForkedProcess({ life, is: 'outage-requests', env: bus.env, options }));
    for (const topic of topics) this.#logs.set(topic, new PublicationLog(this.#parts.topics, topic));
    return number;
  }

  /** What was published in a topic, up to now. */
  async log(topic: string): Promise<PublicationLog> {
    const log = this.#logs.get(topic) as PublicationLog;
    await log.refresh();
    return log;
  }

  /** What a process has written down in a file. */
  measured(file: string): readonly Measured[] {
    return measuredOf(readFileSync(join(this.#parts.folder, file), 'utf8'));
  }

  /** Lets everything run for a while. @throws RigFailure when a process has ended */
  async run(forMs: number): Promise<void> {
    await sleep(forMs);
    const dead = this.#processes.find(({ end }) => end !== undefined);
    if (dead !== undefined) throw new RigFailure(`${dead.life} ended with ${dead.end}:\n${dead.stderr}`);
  }

  /** Waits until at most so many events are in the outbox. */
  async untilLeft(most: number): Promise<void> {
    let last = Number.POSITIVE_INFINITY;
    await waitUntil({
      what: `at most ${most} events are in the outbox`,
      processes: () => this.#processes,
      isDone: async (moved) => {
        const left = await this.count('event_outbox');
        if (left < last) moved();
        last = left;
        return left <= most;
      },
    });
  }

  async count(table: string): Promise<number> {
    const { rows } = await this.#parts.database.query(`SELECT count(*) AS n FROM ${table}`);
    return Number(rows[0]?.n);
  }

  /** Ends the requests of a process, or of all. */
  async endRequests(number?: number): Promise<void> {
    const name = number === undefined ? 'requests-' : `requests-${number}`;
    await this.#end(({ life }) => life.startsWith(name));
  }

  async endRelay(): Promise<void> {
    await this.#end(({ life }) => life === 'relay');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.kill()));
  }

  async #end(isMeant: (process: ForkedProcess) => boolean): Promise<void> {
    for (const process of this.#processes.filter(isMeant)) {
      await process.terminate();
      this.#processes.splice(this.#processes.indexOf(process), 1);
      if (process.end !== 0)
        this.badEnds.push(`${process.life} ended with ${process.end}: ${process.stderr}`);
    }
  }
}

/** Keys of one process with requests. */
export const keysOfProcess = 1_000;
