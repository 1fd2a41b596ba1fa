import type { Message } from '@openedx-ts/events-core/bus';

/** A message in a partition. */
export interface StoredMessage extends Message {
  readonly partition: number;
  readonly offset: number;
  /** When it was stored, in milliseconds since 1970. */
  readonly storedAt: number;
}

/** One partition: messages in order, with offsets that never change. */
export interface MemoryPartition {
  /** The offset of the oldest message that is still there. */
  readonly firstOffset: number;
  /** The offset that the next message will have. */
  readonly nextOffset: number;
  readonly messages: readonly StoredMessage[];
}

/** A topic: a fixed number of partitions. */
export class MemoryTopic {
  readonly name: string;
  readonly #partitions: Partition[];

  constructor(name: string, partitions: number) {
    this.name = name;
    this.#partitions = Array.from({ length: partitions }, () => ({
      firstOffset: 0,
      messages: [],
      removed: new Set(),
    }));
  }

  /** The number of partitions; `partitions` copies them. */
  get partitionCount(): number {
    return this.#partitions.length;
  }

  get partitions(): readonly MemoryPartition[] {
    return this.#partitions.map((partition) => ({
      firstOffset: partition.firstOffset,
      nextOffset: partition.firstOffset + partition.messages.length,
      messages: present(partition, partition.messages),
    }));
  }

  append(partition: number, message: Message, storedAt: number): number {
    const target = this.#at(partition);
    const offset = target.firstOffset + target.messages.length;
    target.messages.push({ ...message, partition, offset, storedAt });
    return offset;
  }

  /** Up to `limit` messages from an offset on. */
  read(partition: number, offset: number, limit: number): readonly StoredMessage[] {
    const { firstOffset, messages, removed } = this.#at(partition);
    const from = Math.max(0, offset - firstOffset);
    if (removed.size === 0) return messages.slice(from, from + limit);
    const found: StoredMessage[] = [];
    for (let index = from; index < messages.length && found.length < limit; index += 1) {
      const message = messages[index];
      if (message !== undefined && !removed.has(message.offset)) found.push(message);
    }
    return found;
  }

  /** Removes single messages; the offsets of the others stay. */
  remove(partition: number, offsets: readonly number[]): void {
    const target = this.#at(partition);
    const end = target.firstOffset + target.messages.length;
    for (const offset of offsets)
      if (offset >= target.firstOffset && offset < end) target.removed.add(offset);
    let gone = 0;
    while (target.removed.delete(target.firstOffset + gone)) gone += 1;
    target.messages.splice(0, gone);
    target.firstOffset += gone;
  }

  /** Whether a partition has so many messages more than are retained that `trim` may forget some. */
  isLong(partition: number, retained: number): boolean {
    const excess = this.#at(partition).messages.length - retained;
    return excess > 0 && excess >= retained * TRIMMED_SHARE;
  }

  /** Forgets messages before `handledUpTo`, but keeps the newest `retained`. */
  trim(partition: number, handledUpTo: number, retained: number): void {
    const target = this.#at(partition);
    const removable = Math.min(handledUpTo - target.firstOffset, target.messages.length - retained);
    if (removable < retained * TRIMMED_SHARE || removable <= 0) return;
    target.messages.splice(0, removable);
    target.firstOffset += removable;
    for (const offset of target.removed) if (offset < target.firstOffset) target.removed.delete(offset);
  }

  #at(partition: number): Partition {
    const target = this.#partitions[partition];
    if (target === undefined) throw new RangeError(`topic ${this.name} has no partition ${partition}`);
    return target;
  }
}

/** Moving the messages that stay is only worth it for many that go. */
const TRIMMED_SHARE = 0.1;

interface Partition {
  firstOffset: number;
  readonly messages: StoredMessage[];
  /** Offsets of messages that were removed. */
  readonly removed: Set<number>;
}

function present(
  { removed }: Pick<Partition, 'removed'>,
  messages: readonly StoredMessage[],
): readonly StoredMessage[] {
  return removed.size === 0 ? messages : messages.filter(({ offset }) => !removed.has(offset));
}
