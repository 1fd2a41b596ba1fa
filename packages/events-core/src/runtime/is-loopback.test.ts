import { describe, expect, it } from 'vitest';
import { isLoopback } from './is-loopback.js';

describe('isLoopback', () => {
  it.each([
    'localhost',
    'LOCALHOST',
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '[::1]',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
  ])('knows %s as this machine', (host) => expect(isLoopback(host)).toBe(true));

  it.each([
    '',
    'localhost.example.org',
    '127.0.0.1.example.org',
    '127.example.org',
    '128.0.0.1',
    '0.0.0.0',
    '::',
    '::2',
    '::ffff:10.0.0.1',
    'redis',
  ])('takes %j for another machine', (host) => expect(isLoopback(host)).toBe(false));
});
