import { createHash } from 'node:crypto';
import { InfrastructureError } from '@openedx-ts/events-core';
import type { WriterSchema } from '@openedx-ts/events-core/bus';
import type { SqlDatabase, SqlExecutor } from '@openedx-ts/events-sql';
import type { PendingEntry } from '../store/outbox-entry.js';
import type { OutboxLease } from '../store/outbox-lease.js';
import type { OutboxStore, ParkedEntry, PendingPage, PublishedEntry } from '../store/outbox-store.js';
import { textEntry, textSchema } from './text-entry.test-support.js';

/** An outbox in memory whose transactions a test drives step by step: database and store at once. */
export class MemoryOutbox {
  readonly rows: PendingEntry[] = [];
  readonly parked: (ParkedEntry & { readonly row: PendingEntry })[] = [];
  readonly kept: PublishedEntry[] = [];
  readonly schemas = new Map<string, WriterSchema>([[textSchema.fingerprint, textSchema]]);
  readonly reads: PendingPage[] = [];
  readonly purges: number[] = [];
  /** The floors behind which the state was asked for. */
  readonly statesAfter: (ReadonlyMap<string, bigint> | undefined)[] = [];
  lease: OutboxLease | undefined;
  isDown = false;
  /** Fails this method of the store. */
  failing: keyof OutboxStore | undefined;
  failure = new Error('permission denied');
  #position = 0n;
  readonly #held = new Map<number, number>();
  #waiting: (() => void)[] | undefined;
  #hangs: keyof OutboxStore | undefined;
  readonly statements: (keyof OutboxStore)[] = [];

  readonly database: SqlDatabase<unknown> = {
    dialect: 'postgres',
    query: async () => ({ rows: [], rowCount: 0 }),
    transaction: (work) => work(undefined, this.database as unknown as SqlExecutor),
  };

  /** Draws a position in a transaction that is still open. */
  append(topic: string, key: string, fields: Partial<PendingEntry> = {}) {
    this.#position += 1n;
    const position = this.#position;
    const lane = laneOf(topic, key);
    this.#held.set(lane, (this.#held.get(lane) ?? 0) + 1);
    const free = () => this.#held.set(lane, (this.#held.get(lane) as number) - 1);
    const row = { ...textEntry(topic, key), position, lane, ...fields };
    return {
      row,
      commit: () => {
        this.rows.push(row);
        this.rows.sort((one, other) => Number(one.position - other.position));
        free();
        return row;
      },
      rollback: free,
    };
  }

  /** Appends entries in a transaction of their own. */
  commit(topic: string, ...keys: string[]): readonly string[] {
    return keys.map((key) => this.append(topic, key).commit().eventId);
  }

  /** Statements wait from now on, or those of this method. */
  hang(method?: keyof OutboxStore): void {
    this.#waiting = [];
    this.#hangs = method;
  }

  unhang(): void {
    for (const go of this.#waiting ?? []) go();
    this.#waiting = undefined;
  }

  async #statement(method: keyof OutboxStore): Promise<void> {
    this.statements.push(method);
    await new Promise<void>((resolve) => {
      if (this.#waiting === undefined || (this.#hangs ?? method) !== method) setImmediate(resolve);
      else this.#waiting.push(resolve);
    });
    if (this.isDown) throw new InfrastructureError('the database is down');
    if (this.failing === method) throw this.failure;
  }

  readonly store = {
    dialect: 'postgres',
    readSchemas: async (_, fingerprints) => {
      await this.#statement('readSchemas');
      return new Map([...this.schemas].filter(([key]) => fingerprints.includes(key)));
    },
    topics: async (_, after) => {
      await this.#statement('topics');
      const isBehind = ({ topic, position }: PendingEntry) => position > (after.get(topic) ?? 0n);
      return [...new Set(this.rows.filter(isBehind).map(({ topic }) => topic))];
    },
    readPending: async (_, page) => {
      await this.#statement('readPending');
      this.reads.push(page);
      const heldKeys = this.parked.map(({ row }) => `${row.topic}\0${row.key}`);
      const isOfPage = ({ topic, key, position }: PendingEntry) =>
        topic === page.topic &&
        position > page.after &&
        !page.except.includes(position) &&
        !(page.holdParkedKeys && heldKeys.includes(`${topic}\0${key}`));
      return this.rows.filter(isOfPage).slice(0, page.maxRows);
    },
    heldLanes: async () => {
      await this.#statement('heldLanes');
      return new Set([...this.#held].filter(([, count]) => count > 0).map(([lane]) => lane));
    },
    removePublished: async (_, topic, published, { keep }) => {
      await this.#statement('removePublished');
      for (const entry of published) if (this.#take(topic, entry) && keep) this.kept.push(entry);
    },
    park: async (_, topic, parked) => {
      await this.#statement('park');
      for (const entry of parked) {
        const row = this.#take(topic, entry);
        if (row !== undefined) this.parked.push({ ...entry, row });
      }
    },
    purgePublished: async (_, { olderThanMs }) => {
      await this.#statement('purgePublished');
      this.purges.push(olderThanMs);
      return 0;
    },
    status: async (_, { after }) => {
      await this.#statement('status');
      this.statesAfter.push(after);
      const pending = this.rows.length;
      const topics =
        pending === 0 ? [] : [{ topic: 't', pending, oldestAgeMs: 5, parked: this.parked.length }];
      return { topics, published: this.kept.length, lease: this.lease && { ...this.lease, renewedMsAgo: 0 } };
    },
    readLease: async () => {
      await this.#statement('readLease');
      return this.lease;
    },
    takeLease: async (_, seen, identity) => {
      await this.#statement('takeLease');
      if (seen?.beat !== this.lease?.beat || seen?.term !== this.lease?.term) return undefined;
      this.lease = { ...identity, term: (this.lease?.term ?? 0n) + 1n, beat: 0n };
      return this.lease;
    },
    renewLease: async (_, held) => {
      await this.#statement('renewLease');
      if (this.lease?.holder !== held.holder || this.lease.term !== held.term) return undefined;
      this.lease = { ...this.lease, beat: this.lease.beat + 1n };
      return this.lease;
    },
    releaseLease: async (_, held) => {
      await this.#statement('releaseLease');
      if (this.lease?.holder === held.holder) this.lease = undefined;
    },
  } satisfies Partial<OutboxStore> as unknown as OutboxStore;

  #take(topic: string, entry: { readonly position: bigint; readonly eventId: string }) {
    const index = this.rows.findIndex(
      (row) => row.topic === topic && row.position === entry.position && row.eventId === entry.eventId,
    );
    return index < 0 ? undefined : this.rows.splice(index, 1)[0];
  }
}

function laneOf(topic: string, key: string): number {
  return createHash('sha256').update(`${topic}\0${key}`).digest().readUInt16BE() % 1_024;
}
