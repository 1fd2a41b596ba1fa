import type { FetchedRecord } from '../driver/protocol/record-batch.js';

/** What was fetched of a partition and not yielded yet, in order. */
export class FetchedRecords {
  #records: readonly FetchedRecord[] = [];
  #next = 0;
  #bytes = 0;
  /** What was fetched behind the records in front. */
  readonly #later: (readonly FetchedRecord[])[] = [];

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#next >= this.#records.length && this.#later.length === 0;
  }

  get offsets(): readonly number[] {
    return [...this.#records.slice(this.#next), ...this.#later.flat()].map(({ offset }) => offset);
  }

  /** Adds records that come after those that are here; at least one. */
  add(records: readonly FetchedRecord[]): void {
    for (const { size } of records) this.#bytes += size;
    this.#later.push(records);
  }

  shift(): FetchedRecord | undefined {
    if (this.#next >= this.#records.length) {
      this.#records = this.#later.shift() ?? [];
      this.#next = 0;
    }
    const record = this.#records[this.#next];
    if (record === undefined) return undefined;
    this.#next += 1;
    this.#bytes -= record.size;
    return record;
  }

  /** Drops all records. @returns the offset of the first one */
  clear(): number | undefined {
    const first = this.#records[this.#next] ?? this.#later[0]?.[0];
    this.#records = [];
    this.#later.length = 0;
    this.#bytes = 0;
    return first?.offset;
  }
}
