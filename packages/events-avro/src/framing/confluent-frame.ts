import { UnusableMessageError } from '@openedx-ts/events-core/bus';

/** Puts the frame of a Confluent registry before Avro bytes: a zero byte and the schema's id as 32 bits, big-endian. */
export function frameConfluent(schemaId: number, avro: Uint8Array): Uint8Array {
  const framed = Buffer.allocUnsafe(FRAME_SIZE + avro.length);
  framed[0] = 0;
  framed.writeUInt32BE(schemaId, 1);
  framed.set(avro, FRAME_SIZE);
  return framed;
}

/**
 * Removes the frame. The returned Avro bytes share memory with the message.
 *
 * @throws UnusableMessageError when the frame is missing or incomplete
 */
export function unframeConfluent(bytes: Uint8Array): {
  readonly schemaId: number;
  readonly avro: Uint8Array;
} {
  if (bytes.length < FRAME_SIZE)
    throw new UnusableMessageError('the value is too short for a schema id: 5 bytes are needed');
  if (bytes[0] !== 0)
    throw new UnusableMessageError('the value does not start with the byte 0 of a schema id');
  const schemaId =
    (bytes[1] as number) * 0x1000000 +
    (((bytes[2] as number) << 16) | ((bytes[3] as number) << 8) | (bytes[4] as number));
  return { schemaId, avro: bytes.subarray(FRAME_SIZE) };
}

const FRAME_SIZE = 5;
