import { describe, expect, it } from 'vitest';
import { SettingReader } from './setting-reader.js';

const one = (text: string) => new SettingReader('bus', { X: text });

describe('SettingReader', () => {
  it.each(['', '  '])('treats %j as not set', (text) => {
    const reader = one(text);
    const read = [reader.text('X'), reader.flag('X'), reader.wholeNumber('X'), reader.milliseconds('X')];
    expect([...read, reader.oneOf('X', ['a'])]).toEqual(Array.from({ length: 5 }));
    expect(reader.end()).toBeUndefined();
  });

  it('reads what is well-formed', () => {
    expect(one(' a b ').text('X')).toBe('a b');
    for (const text of ['true', 'True', '1', 'yes', 'ON']) expect(one(text).flag('X')).toBe(true);
    for (const text of ['false', 'FALSE', '0', 'no', 'Off']) expect(one(text).flag('X')).toBe(false);
    expect(one('0').wholeNumber('X')).toBe(0);
    expect(one('0').wholeNumber('X', { least: 1 })).toBeUndefined();
    expect(one('1.5').milliseconds('X')).toBe(1_500);
    expect(one('0.0015').milliseconds('X')).toBe(2);
    expect(one('plain').oneOf('X', ['PLAIN', 'OTHER'])).toBe('PLAIN');
  });

  it('refuses all that is malformed together, and shows no value', () => {
    const values = ['secret', '-1', '1e3', '0.0001'];
    const env = Object.fromEntries(values.map((value, index) => [`S${index}`, value]));
    const reader = new SettingReader('bus', env);
    reader.flag('S0');
    reader.wholeNumber('S1');
    reader.milliseconds('S2');
    reader.milliseconds('S3', { least: 0.001 });
    reader.oneOf('S0', ['A', 'B']);
    reader.wrong('S9', 'is missing beside S8');
    expect(() => reader.end()).toThrow(
      expect.objectContaining({
        code: 'EVENTS_INVALID_OPTIONS',
        subject: 'bus',
        issues: [
          { path: 'S0', message: 'must be true or false' },
          { path: 'S1', message: 'must be a whole number, 0 or more' },
          { path: 'S2', message: 'must be a number of seconds, 0 or more, such as 1.5' },
          { path: 'S3', message: 'must be a number of seconds, 0.001 or more, such as 1.5' },
          { path: 'S0', message: 'must be one of A, B' },
          { path: 'S9', message: 'is missing beside S8' },
        ],
      }),
    );
  });
});
