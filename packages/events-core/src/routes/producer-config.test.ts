import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProducerConfigurationError } from '../errors/configuration-errors.js';
import { mergeProducerConfigs, type ProducerConfigInput, parseProducerConfig } from './producer-config.js';

const eventType = 'org.openedx.learning.badge.awarded.v1';
const entry = { event_key_field: 'badge.uuid', enabled: true };

function issuesOf(input: unknown): readonly string[] {
  try {
    parseProducerConfig(input as ProducerConfigInput);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ProducerConfigurationError);
    return (error as ProducerConfigurationError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('parseProducerConfig', () => {
  it('accepts the map form, as an object and as JSON', () => {
    const config = { [eventType]: { badges: entry, audit: { ...entry, enabled: false } } };
    expect(parseProducerConfig(config)).toEqual(config);
    expect(parseProducerConfig(JSON.stringify(config))).toEqual(config);
    expect(parseProducerConfig({})).toEqual({});
    expect(parseProducerConfig({ [eventType]: {} })).toEqual({ [eventType]: {} });
  });

  it('accepts the list form', () => {
    expect(
      parseProducerConfig({
        [eventType]: [
          { topic: 'badges', ...entry },
          { topic: 'audit', ...entry },
        ],
      }),
    ).toEqual({
      [eventType]: { badges: entry, audit: entry },
    });
  });

  it('keeps the mode of an entry, in both forms, and refuses one that does not exist', () => {
    const stored = { ...entry, mode: 'outbox' as const };
    expect(parseProducerConfig({ [eventType]: { badges: stored } })).toEqual({
      [eventType]: { badges: stored },
    });
    expect(parseProducerConfig({ [eventType]: [{ topic: 'badges', ...stored }] })).toEqual({
      [eventType]: { badges: stored },
    });
    expect(issuesOf({ a: { t: { ...entry, mode: 'comit' }, u: { ...entry, mode: null } } })).toEqual([
      'a → t → mode: "comit" is no mode: use immediate, on-commit, outbox',
      'a → u → mode: a value of type object is no mode: use immediate, on-commit, outbox',
    ]);
    expect(issuesOf({ a: { t: { ...entry, Mode: 'outbox' } } })).toEqual([
      'a → t → Mode: unknown key: did you mean mode?',
    ]);
  });

  it('reports everything that is wrong together', () => {
    expect(
      issuesOf({
        a: { topic: { event_key_field: '', enabled: 1, enabledd: true } },
        b: [{ topic: 't', ...entry }, { topic: 't', ...entry }, entry, 'x'],
        c: null,
        d: { topic: [] },
        e: { 'no topic': entry },
      }),
    ).toEqual([
      'b → t: the topic is listed twice: keep one entry',
      'b → entry 2: expected { topic, event_key_field, enabled }',
      'b → entry 3: expected { topic, event_key_field, enabled }',
      'c: expected a map of topics or a list of entries',
      'd → topic: expected { event_key_field, enabled }',
      'a → topic → event_key_field: expected the path of the key, e.g. "user.pii.username"',
      'a → topic → enabled: expected true or false',
      'a → topic → enabledd: unknown key: did you mean enabled?',
      'e → no topic: a topic is 1 to 200 characters of A-Z, a-z, 0-9, ".", "_" and "-"',
    ]);
  });

  it.each(['', '.', '..', 'a/b', 'a b', 'ä', 'x'.repeat(201)])('refuses the topic %j', (topic) => {
    expect(issuesOf({ [eventType]: { [topic]: entry } })).toHaveLength(1);
    expect(issuesOf({ [eventType]: [{ topic, ...entry }] })).toHaveLength(1);
  });

  it.each([[null], [[]], ['null'], ['[]'], ['5'], [5]])('refuses %j for a configuration', (input) => {
    expect(issuesOf(input)).toEqual([
      ': expected an object { event type: { topic: { event_key_field, enabled } } }',
    ]);
  });

  it('reports a text that is no JSON as such', () => {
    expect(issuesOf('{')[0]).toMatch(/^: not JSON/);
  });

  it('loses no name that objects inherit, and touches no prototype', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const asType = parseProducerConfig(`{"${name}": {"t": ${JSON.stringify(entry)}}}`);
      expect(Object.entries(asType)).toEqual([[name, { t: entry }]]);
      const asTopic = parseProducerConfig(`{"e": {"${name}": ${JSON.stringify(entry)}}}`);
      expect(Object.entries(asTopic.e ?? {})).toEqual([[name, entry]]);
    }
    expect(issuesOf(`{"e": {"t": {"event_key_field": "a", "enabled": true, "__proto__": {}}}}`)).toEqual([
      'e → t → __proto__: unknown key',
    ]);
    expect('t' in {}).toBe(false);
  });

  it('throws nothing but ProducerConfigurationError, whatever JSON holds', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        issuesOf(text);
      }),
    );
  });
});

describe('mergeProducerConfigs', () => {
  const original = { [eventType]: { badges: entry } };

  it('lets overrides win where they are set', () => {
    expect(mergeProducerConfigs(original, { [eventType]: { badges: { enabled: false } } })).toEqual({
      [eventType]: { badges: { ...entry, enabled: false } },
    });
    expect(
      mergeProducerConfigs(original, { [eventType]: { badges: { event_key_field: 'badge.id' } } }),
    ).toEqual({
      [eventType]: { badges: { ...entry, event_key_field: 'badge.id' } },
    });
    expect(mergeProducerConfigs(original, { [eventType]: { badges: { mode: 'outbox' } } })).toEqual({
      [eventType]: { badges: { ...entry, mode: 'outbox' } },
    });
    const nothing = { enabled: null, event_key_field: undefined } as never;
    expect(mergeProducerConfigs(original, { [eventType]: { badges: nothing } })).toEqual(original);
  });

  it('adds new topics and event types, in either form', () => {
    const merged = mergeProducerConfigs(original, {
      [eventType]: [{ topic: 'audit', ...entry }],
      other: { t: entry },
    });
    expect(merged).toEqual({ [eventType]: { badges: entry, audit: entry }, other: { t: entry } });
    expect(parseProducerConfig(merged)).toEqual(merged);
  });

  it('leaves it to parsing to find an entry that is still incomplete', () => {
    const merged = mergeProducerConfigs(original, { [eventType]: { audit: { enabled: true } } });
    expect(issuesOf(merged)).toEqual([expect.stringContaining('audit → event_key_field')]);
  });

  it('changes neither side, and keeps no part of them', () => {
    const overrides = { [eventType]: { badges: { enabled: false }, audit: { ...entry } } };
    const before = JSON.stringify([original, overrides]);
    const merged = mergeProducerConfigs(original, overrides) as Record<
      string,
      Record<string, { enabled: boolean }>
    >;
    for (const made of Object.values(merged[eventType] ?? {})) made.enabled = true;
    expect(JSON.stringify([original, overrides])).toBe(before);
  });

  it('treats names that objects inherit as names', () => {
    const hostile = JSON.parse(
      `{"__proto__": {"constructor": ${JSON.stringify(entry)}}}`,
    ) as ProducerConfigInput;
    const merged = mergeProducerConfigs(hostile, hostile);
    expect(Object.entries(merged)).toEqual([['__proto__', { constructor: entry }]]);
  });

  it('refuses what is no configuration', () => {
    expect(() => mergeProducerConfigs(original, { [eventType]: 5 } as never)).toThrow(
      ProducerConfigurationError,
    );
    expect(() => mergeProducerConfigs(null as never, {})).toThrow(ProducerConfigurationError);
  });
});
