import type { OutboxEntry } from './outbox-entry.js';

/** The most entries of one statement. */
const CHUNK_ROWS = 1_000;
/** The most bytes of one statement, of records, keys and metadata; a single entry may have more. */
const CHUNK_BYTES = 16 * 1_024 * 1_024;

/** Divides entries into those of one statement each, in order. */
export function* chunksOf(
  entries: readonly OutboxEntry[],
  maxBytes = CHUNK_BYTES,
): Generator<readonly OutboxEntry[]> {
  let chunk: OutboxEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entry.record.length + entry.keyBytes.length + entry.key.length + entry.metadata.length;
    if (chunk.length > 0 && (chunk.length === CHUNK_ROWS || bytes + size > maxBytes)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(entry);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
