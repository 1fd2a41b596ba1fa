import { encodeBody } from '../send-request.js';
import { ProtocolReader } from './protocol-reader.js';
import type { RequestType } from './request-type.js';

/** Bytes from hexadecimal text; blanks and line breaks between the fields are ignored. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replace(/\s+/g, ''), 'hex');
}

/** The bytes of a request behind kafkajs' request header, as hexadecimal text. */
export function requestBytes<Query>(
  type: RequestType<Query, unknown>,
  query: Query,
  version: number,
): string {
  return encodeBody(type, query, version).toString('hex');
}

/** Reads the body of a response behind its throttle time. */
export function readResponse<Answer>(
  type: Pick<RequestType<never, Answer>, 'read' | 'flexibleFrom'>,
  body: string,
  version: number,
): Answer {
  const reader = new ProtocolReader(hex(body), version >= type.flexibleFrom);
  const answer = type.read(reader, version);
  reader.taggedFields();
  if (reader.at !== hex(body).length) throw new Error(`read ${reader.at} of ${hex(body).length} bytes`);
  return answer;
}
