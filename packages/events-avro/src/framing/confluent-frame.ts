import { UnusableMessageError } from '@openedx-ts/events-core/bus';

/** Puts the frame of a Confluent-style registry in front of Avro bytes: a zero byte and the schema's id, big-endian. */
export function frameConfluent(schemaId: number, avro: Uint8Array): Uint8Array {
  const framed = Buffer.allocUnsafe(FRAME + avro.length);
  framed[0] = 0;
  framed.writeUInt32BE(schemaId, 1);
  framed.set(avro, FRAME);
  return framed;
}

/**
 * Takes the frame off. The Avro bytes share memory with the message.
 *
 * @throws UnusableMessageError when the frame is broken
 */
export function unframeConfluent(bytes: Uint8Array): {
  readonly schemaId: number;
  readonly avro: Uint8Array;
} {
  if (bytes.length < FRAME) throw new UnusableMessageError('the value is too short for a schema id');
  if (bytes[0] !== 0)
    throw new UnusableMessageError('the value does not start with the byte 0 of a schema id');
  const schemaId =
    (bytes[1] as number) * 0x1000000 +
    (((bytes[2] as number) << 16) | ((bytes[3] as number) << 8) | (bytes[4] as number));
  return { schemaId, avro: bytes.subarray(FRAME) };
}

const FRAME = 5;
