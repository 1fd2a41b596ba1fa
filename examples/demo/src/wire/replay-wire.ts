import { MemoryBroker } from '@openedx-ts/event-bus-memory';
import { bareWireFormat, confluentWireFormat } from '@openedx-ts/events-avro';
import type { Tally } from '../tally.js';
import { readKafkaCaptures, readKafkaSchemas, readRedisCaptures } from './captures.js';
import { replay } from './replay.js';

/** Consumes captured messages of Python services on Kafka and Redis, and counts the results. */
export async function replayWire(options: {
  readonly tally: Tally;
  readonly abortSignal: AbortSignal;
  readonly patienceMs: number;
}): Promise<void> {
  const kafka = new MemoryBroker();
  for (const { id, text } of await readKafkaSchemas()) kafka.schemas.load(id, text);
  await replay({
    ...options,
    over: 'Kafka capture',
    broker: kafka,
    wireFormat: confluentWireFormat(kafka.schemas),
    captures: await readKafkaCaptures(),
  });
  await replay({
    ...options,
    over: 'Redis capture',
    broker: new MemoryBroker(),
    wireFormat: bareWireFormat({ schemas: { textOf: () => undefined } }), // Python services send no schema fingerprint
    captures: await readRedisCaptures(),
  });
}
