import type { TcpAddress } from './protocol/ask-node.js';
import { type KafkaMetadata, readMetadata } from './protocol/read-metadata.js';

/**
 * Asks a broker over a connection of its own who it is.
 * @returns undefined when nobody answers within the time
 */
export function askKafka(address: TcpAddress, timeoutMs: number): Promise<KafkaMetadata | undefined> {
  return readMetadata(address, [], timeoutMs).catch(() => undefined);
}
