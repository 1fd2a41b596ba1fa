import { crc32 } from 'node:zlib';

/** How many lanes there are. Stored with each row, and the number of locks that a transaction can hold at most. */
export const LANES = 1_024;

/**
 * The lane of a topic and key: CRC-32 of the topic, a zero byte and the key, in UTF-8, modulo 1,024. Transactions that
 * append to one lane take turns, so that positions of a key grow in the order of commits.
 */
export function laneOf(topic: string, key: string): number {
  return crc32(`${topic}\0${key}`) % LANES;
}

/** The lanes of several entries, each once, in the order in which every transaction locks them. */
export function lanesOf(entries: readonly { readonly topic: string; readonly key: string }[]): number[] {
  return [...new Set(entries.map(({ topic, key }) => laneOf(topic, key)))].sort((a, b) => a - b);
}
