import { bufferedBytes } from '@openedx-ts/events-core/bus';
import type { StoredMessage } from '@openedx-ts/events-core/operate';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { parsePosition } from './parse-position.js';
import { type PartitionRange, readPartition } from './read-partition.js';

/**
 * Yields the messages of a range, newest first. Kafka reads forwards only: windows are read from the end of the range on,
 * about a megabyte each, of which at most 8 MiB are kept.
 *
 * @throws InfrastructureError when the partition cannot be read
 */
export async function* readBackwards(
  driver: KafkaDriver,
  range: PartitionRange,
): AsyncGenerator<StoredMessage> {
  let window = FIRST_WINDOW;
  for (let { end } = range; end > range.first; ) {
    const first = Math.max(range.first, end - window);
    const kept: StoredMessage[] = [];
    let bytes = 0;
    let isWhole = true;
    for await (const page of readPartition(driver, { ...range, first, end })) {
      for (const stored of page) {
        kept.push(stored);
        bytes += bufferedBytes(stored.message);
        for (; bytes > MAX_BYTES && kept.length > 1; isWhole = false)
          bytes -= bufferedBytes((kept.shift() as StoredMessage).message);
      }
    }
    yield* kept.toReversed();
    window = nextWindow(window, kept.length, bytes);
    end = isWhole ? first : parsePosition((kept[0] as StoredMessage).position).offset;
  }
}

/** Compacted topics have long gaps, which cost a request each. */
function nextWindow(window: number, messages: number, bytes: number): number {
  if (messages === 0) return Math.min(window * 2, MAX_EMPTY_WINDOW);
  const fitting = Math.floor((WINDOW_BYTES * messages) / Math.max(1, bytes));
  return Math.max(1, Math.min(fitting, window * 2, MAX_WINDOW));
}

const FIRST_WINDOW = 16;
const MAX_WINDOW = 1_000;
const MAX_EMPTY_WINDOW = 65_536;
const WINDOW_BYTES = 1_000_000;
const MAX_BYTES = 8 * 1024 * 1024;
