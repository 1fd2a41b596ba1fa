import { type AvroCodec, avroCodec } from '@openedx-ts/events-avro';

/** Decodes events of every codec that a test may use: what is stored must be seen, whatever options it was written with. */
export const anyEventCodec: AvroCodec = avroCodec({
  unsafeIntegers: 'bigint',
  maxValues: Number.MAX_SAFE_INTEGER,
});
