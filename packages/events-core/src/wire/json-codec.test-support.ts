import { createHash } from 'node:crypto';
import { ProducerConfigurationError } from '../errors/configuration-errors.js';
import { describeIssues, type Issue } from '../errors/events-error.js';
import { DecodingFailedError } from '../errors/wire-errors.js';
import { checkOf } from '../shapes/check.js';
import { resolveKeyPath } from '../signals/key-path.js';
import type { OpenEdxPublicSignal } from '../signals/signal.js';
import type { BoundCodec, EventCodec, WriterSchema } from './codec.js';
import { encodeHeaders } from './headers.js';
import type { Message } from './message.js';
import type { WireFormat } from './wire-format.js';

/** Events as JSON text, for tests of what is done with bytes, whatever they mean. */
export const jsonCodec: EventCodec = { bind: boundJsonCodec };

export function boundJsonCodec(signal: OpenEdxPublicSignal): BoundCodec {
  const { eventType, shape } = signal;
  return {
    schema: schemaOf(`{"json": "${eventType}"}`),
    encode: (data) => Buffer.from(JSON.stringify(data)),
    decode: (record) => {
      const issues: Issue[] = [];
      let data: unknown;
      try {
        data = checkOf(shape)(JSON.parse(Buffer.from(record).toString()), issues);
      } catch (cause) {
        throw new DecodingFailedError(eventType, '', 'no JSON', { cause });
      }
      if (issues.length > 0) throw new DecodingFailedError(eventType, '', describeIssues(issues));
      return data as object;
    },
    key: (path) => {
      const key = resolveKeyPath(shape.fields, path);
      if ('problem' in key) throw new ProducerConfigurationError([{ path, message: key.problem }]);
      const schema = schemaOf(`{"key": "${path}"}`);
      return {
        schema,
        encode: (data) => {
          const text = String(key.valueIn(data));
          return { text, bytes: Buffer.from(text), schema };
        },
      };
    },
  };
}

/** Records and keys as they are, metadata under the header names of Kafka. */
export const plainWireFormat: WireFormat = {
  headerNaming: 'kafka',
  frame: ({ metadata, record, key }, fullTopic): Message => ({
    topic: fullTopic,
    key: key.bytes,
    value: record,
    headers: encodeHeaders(metadata, 'kafka'),
  }),
  unframe: ({ value }) => ({ record: value as Uint8Array, writer: schemaOf('plain') }),
};

function schemaOf(text: string): WriterSchema {
  return { text, fingerprint: createHash('sha256').update(text).digest('hex') };
}
