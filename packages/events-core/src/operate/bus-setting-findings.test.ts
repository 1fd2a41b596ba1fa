import { describe, expect, it } from 'vitest';
import type { Environment } from '../runtime/environment.js';
import { SettingReader } from '../runtime/setting-reader.js';
import { busSettingFindings, type EffectiveBusSettings } from './bus-setting-findings.js';

const settings: EffectiveBusSettings = {
  prefix: 'EVENT_BUS_X_',
  effects: {
    EVENT_BUS_X_URL: () => 'where X is',
    EVENT_BUS_X_LIMIT: (value) => `at most ${Number(value)}`,
  },
  required: { EVENT_BUS_X_URL: 'the URL of X' },
  read: (env) => {
    const reader = new SettingReader('X', env);
    reader.wholeNumber('EVENT_BUS_X_LIMIT');
    if (reader.text('EVENT_BUS_X_USER') !== undefined) reader.wrong('EVENT_BUS_X_PASSWORD', 'is missing');
    reader.end();
  },
};
const found = (env: Environment) =>
  busSettingFindings(env, settings).map(({ verdict, message, cure }) => [verdict, message, cure]);

describe('busSettingFindings', () => {
  it('reports what each setting does, in order of their names, and shows no value by itself', () => {
    const env = { EVENT_BUS_X_URL: 'x://:secret@host', EVENT_BUS_X_LIMIT: ' 5 ', EVENT_BUS_Y_LIMIT: '1' };
    expect(found(env)).toEqual([
      ['ok', 'EVENT_BUS_X_LIMIT is understood: at most 5', undefined],
      ['ok', 'EVENT_BUS_X_URL is understood: where X is', undefined],
    ]);
  });

  it('reports what is malformed, missing beside another, or not set at all', () => {
    const env = { EVENT_BUS_X_LIMIT: 'many', EVENT_BUS_X_USER: 'me', EVENT_BUS_X_URL: ' ' };
    expect(found(env)).toEqual([
      ['problem', 'EVENT_BUS_X_LIMIT is malformed', 'it must be a whole number, 0 or more'],
      ['warning', 'EVENT_BUS_X_USER is no setting of this bus', expect.any(String)],
      ['problem', 'EVENT_BUS_X_PASSWORD is missing', 'set it'],
      ['problem', 'EVENT_BUS_X_URL is not set', 'set it to the URL of X'],
    ]);
  });

  it('guesses what was meant, and names what objects inherit', () => {
    const env = { EVENT_BUS_X_URL: 'x', EVENT_BUS_X_LIMITS: '1', EVENT_BUS_X_QUITE_ELSE: '1' };
    expect(found(env).slice(0, 2)).toEqual([
      ['warning', 'EVENT_BUS_X_LIMITS is no setting of this bus', 'did you mean EVENT_BUS_X_LIMIT?'],
      ['warning', 'EVENT_BUS_X_QUITE_ELSE is no setting of this bus', expect.stringContaining('README')],
    ]);
  });

  it.each(['false', 'FALSE', '0', 'no', 'off'])('warns of consumers that are off: %s', (text) => {
    expect(found({ EVENT_BUS_X_URL: 'x', EVENT_BUS_X_CONSUMERS_ENABLED: text })[0]?.[0]).toBe('warning');
    expect(found({ EVENT_BUS_X_URL: 'x', EVENT_BUS_X_CONSUMERS_ENABLED: 'true' })[0]?.[0]).toBe('ok');
  });
});
