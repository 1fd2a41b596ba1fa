import { MemoryBroker } from '@openedx-ts/event-bus-memory';
import { bareWireFormat, confluentWireFormat } from '@openedx-ts/events-avro';
import type { Tally } from '../tally.js';
import { readKafkaCaptures, readKafkaSchemas, readRedisCaptures } from './captures.js';
import { replay } from './replay.js';

/** Lets a consumer read what Python services put on the wire of Kafka and Redis, and books what it got out of it. */
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
    wireFormat: bareWireFormat({ schemas: { textOf: () => undefined } }), // Python services name no schema
    captures: await readRedisCaptures(),
  });
}
