import { describe, expect, it } from 'vitest';
import { canonicalAvroSchema, InvalidAvroSchemaError } from './canonical-avro-schema.js';

describe('canonicalAvroSchema', () => {
  it('makes a primitive with a name that primitive', () => {
    const written = ['"string"', '{"type": "string"}', '{"name": "username", "type": "string"}'];
    expect(new Set(written.map(canonicalAvroSchema))).toEqual(new Set(['"string"']));
  });

  it('keeps what Avro does not know of', () => {
    const text = '{"name": "at", "logicalType": "date", "type": "int"}';
    expect(canonicalAvroSchema(text)).toBe('{"type":"int","logicalType":"date"}');
  });

  it('puts properties into one order and drops namespaces that are inherited', () => {
    const text = `{"doc": "d", "fields": [
      {"default": null, "name": "end", "type": ["null", {"name": "e", "type": "string"}]},
      {"name": "user", "type": {"fields": [], "name": "User", "namespace": "a.b", "type": "record"}},
      {"name": "same", "type": ["null", "User"]},
      {"name": "list", "type": {"items": "long", "type": "array"}}
    ], "name": "CloudEvent", "namespace": "a.b", "type": "record"}`;
    expect(canonicalAvroSchema(text)).toBe(
      '{"type":"record","name":"CloudEvent","namespace":"a.b","doc":"d","fields":[' +
        '{"name":"end","type":["null","string"],"default":null},' +
        '{"name":"user","type":{"type":"record","name":"User","fields":[]}},' +
        '{"name":"same","type":["null","User"]},' +
        '{"name":"list","type":{"type":"array","items":"long"}}]}',
    );
  });

  it('accepts a namespace with a hyphen, as Avro Java does', () => {
    const text =
      '{"name":"CloudEvent","namespace":"org.openedx.redemption-reversed.v1","type":"record","fields":[]}';
    expect(canonicalAvroSchema(text)).toContain('redemption-reversed');
  });

  it('refuses what is no schema', () => {
    const twice = '{"type":"record","name":"R","fields":[]}';
    for (const text of ['{', '1', '"unheard"', '{"type":"record","fields":[]}', `[${twice},${twice}]`]) {
      expect(() => canonicalAvroSchema(text)).toThrow(InvalidAvroSchemaError);
    }
  });
});
