import { readFileSync } from 'node:fs';
import {
  decodeHeaders,
  encodeHeaders,
  type HeaderNaming,
  metadataFromJson,
  metadataToJson,
} from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';

interface Captured {
  readonly name: string;
  readonly value: { readonly hex: string };
}

interface CapturedMessage {
  readonly event_type: string;
  readonly variant: string;
  readonly input_metadata: object;
  readonly headers_in_wire_order?: readonly Captured[];
  readonly fields_in_wire_order?: readonly Captured[];
}

/** The metadata headers of a message that a Python service produced, in wire order, as name and hex. */
function capturedHeaders(message: CapturedMessage): readonly (readonly [string, string])[] {
  const captured = message.headers_in_wire_order ?? message.fields_in_wire_order ?? [];
  return captured.filter(({ name }) => name !== 'event_data').map(({ name, value }) => [name, value.hex]);
}

function read(naming: HeaderNaming): readonly CapturedMessage[] {
  const file = new URL(`../data/wire/${naming}_messages.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { messages: readonly CapturedMessage[] }).messages;
}

describe.each<HeaderNaming>(['kafka', 'redis'])('the headers of captured %s messages', (naming) => {
  const messages = read(naming);

  it('are all of them', () => {
    expect(messages).toHaveLength(12);
  });

  it.each(messages)('$event_type $variant: written from the same metadata, byte for byte', (message) => {
    const headers = encodeHeaders(metadataFromJson(message.input_metadata), naming);
    expect(headers.map(([name, value]) => [name, Buffer.from(value ?? []).toString('hex')])).toEqual(
      capturedHeaders(message),
    );
  });

  it.each(messages)('$event_type $variant: read back into the same metadata', (message) => {
    const headers = capturedHeaders(message).map(([name, hex]) => [name, Buffer.from(hex, 'hex')] as const);
    const metadata = decodeHeaders(headers, naming);
    expect(metadataToJson(metadata)).toEqual(message.input_metadata);
    expect(metadata.defaulted).toEqual([]);
  });
});
