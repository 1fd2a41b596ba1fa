import { InvalidOptionsError } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { type RedisProducerOptions, resolveProducerOptions } from './redis-options.js';

const here = [{ host: '127.0.0.1', port: 26_379 }];
const elsewhere = [...here, { host: 'sentinel.example.org', port: 26_379 }];
const name = 'mymaster';
const given =
  (url: string, clientOptions: object, more: object = {}) =>
  () =>
    resolveProducerOptions({ url, clientOptions, ...more } as RedisProducerOptions);

describe('resolveProducerOptions with Sentinels', () => {
  it.each([
    ['a password for the primary', 'redis://:hunter2@mymaster', { sentinels: elsewhere, name }],
    [
      'a password for the Sentinels',
      'redis://x',
      { sentinels: elsewhere, name, sentinelPassword: 'hunter2' },
    ],
    ['rediss:// and Sentinels without TLS', 'rediss://x', { sentinels: elsewhere, name, sentinelTLS: false }],
    [
      'tls and Sentinels without TLS',
      'redis://x',
      { sentinels: elsewhere, name, sentinelTLS: false, tls: {} },
    ],
  ])('refuses clear text to another machine with %s', (_what, url, clientOptions) => {
    const refused = given(url, clientOptions);
    expect(refused).toThrow(InvalidOptionsError);
    expect(refused).toThrow(
      /clientOptions\.sentinels: .*sentinel\.example\.org would not be encrypted: use rediss/,
    );
    expect(refused).toThrow(/^((?!hunter2).)*$/);
    expect(given(url, clientOptions, { allowInsecure: true })).not.toThrow();
  });

  it.each([
    ['TLS', 'rediss://:hunter2@mymaster', { sentinels: elsewhere, name, sentinelPassword: 'x' }],
    ['TLS to the Sentinels', 'redis://:hunter2@mymaster', { sentinels: elsewhere, name, sentinelTLS: {} }],
    ['no credentials', 'redis://mymaster', { sentinels: elsewhere, name }],
    [
      'Sentinels on this machine',
      'redis://:hunter2@mymaster',
      { sentinels: here, name, sentinelPassword: 'x' },
    ],
  ])('accepts %s', (_what, url, clientOptions) => {
    expect(given(url, clientOptions)).not.toThrow();
  });

  it.each([
    [{ sentinels: [], name }, /clientOptions\.sentinels: must be a list/],
    [{ sentinels: [{ port: 1 }], name }, /clientOptions\.sentinels: must be a list/],
    [{ sentinels: here }, /clientOptions\.name: is required with sentinels/],
  ])('refuses %j', (clientOptions, problem) => {
    expect(given('redis://mymaster', clientOptions)).toThrow(problem);
  });

  it('refuses a socket beside them', () => {
    expect(given('unix:///run/redis.sock', { sentinels: here, name })).toThrow(/url: names a socket/);
  });
});

describe('resolveProducerOptions', () => {
  it.each([
    [{ tls: false }, /clientOptions\.tls: must be an object/],
    [{ tls: true }, /clientOptions\.tls: must be an object/],
    [{ tls: null }, /clientOptions\.tls: must be an object/],
    [{ sentinelTLS: true }, /clientOptions\.sentinelTLS: must be an object of TLS options, or false/],
    [{ host: 'elsewhere' }, /clientOptions\.host: unknown option/],
    [{ path: '/run/other.sock' }, /clientOptions\.path: unknown option/],
    [{ Connector: class {} }, /clientOptions\.Connector: unknown option/],
    [{ sentinel: here }, /clientOptions\.sentinel: unknown option: did you mean sentinels\?/],
    [[], /clientOptions: must be an object/],
  ])('refuses driver options that would lead elsewhere or lose TLS: %j', (clientOptions, problem) => {
    expect(given('rediss://:hunter2@redis.example.org', clientOptions)).toThrow(problem);
  });
});
