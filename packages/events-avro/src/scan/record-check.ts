import { parseSchema } from '../schema/parse-schema.js';
import { compileScan } from './compile-scan.js';
import { scanRecord } from './scan-record.js';
import type { Scan } from './scan-state.js';

/**
 * Checks the bytes of records against the schema they were written with, without decoding them and without a signal: for
 * a relay, which publishes stored records as they are, also those of event types that its service no longer has.
 */
export class RecordCheck {
  readonly #scan: Scan;

  /** @throws Error when the text is no Avro schema */
  constructor(schemaText: string) {
    this.#scan = compileScan(parseSchema(schemaText), 'bigint');
  }

  /** What is wrong with a record, with the path of the value; undefined when nothing is. Holds nothing of its data. */
  problem(record: Uint8Array): string | undefined {
    const refusal = scanRecord(this.#scan, record, Number.MAX_SAFE_INTEGER);
    if (refusal === undefined) return undefined;
    return refusal.path === '' ? refusal.problem : `${refusal.path}: ${refusal.problem}`;
  }
}
