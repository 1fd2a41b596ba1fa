import { describe, expect, it } from 'vitest';
import { redactor } from './redact.js';

describe('redactor', () => {
  it('removes secrets of the settings, passwords of URLs in them, and user and password of any URL', () => {
    const redact = redactor({
      EVENT_BUS_KAFKA_API_SECRET: 'hidden-key',
      EVENT_BUS_REDIS_CONNECTION_URL: 'redis://:p%40ss-word@host',
      EVENT_BUS_TOPIC_PREFIX: 'prod',
      OTHER_SECRET: 'elsewhere',
    });
    expect(redact('hidden-key, p%40ss-word, p@ss-word')).toBe('***, ***, ***');
    expect(redact('http://ann:x@host/a@b redis://:x@h')).toBe('http://***@host/a@b redis://***@h');
    expect(redact('prod-orders on host, mailto ann@example.org')).toBe(
      'prod-orders on host, mailto ann@example.org',
    );
  });

  it('removes passwords of DATABASE_URL and of the arguments', () => {
    const redact = redactor({ DATABASE_URL: 'postgres://ann:p@ss-one@host/lms' }, [
      'mysql://ann:pass%2Ftwo@host/lms',
      'postgres://host/lms?user=ann&password=pass-three',
    ]);
    expect(redact('p@ss-one, pass/two, pass%2Ftwo, pass-three')).toBe('***, ***, ***, ***');
  });

  it('removes the values of --field', () => {
    const redact = redactor({}, ['--field', 'user.name=Ada Lovelace', '--field=user.email=ada@example.org']);
    expect(redact('user.name Ada Lovelace, ada@example.org')).toBe('user.name ***, ***');
  });

  it('does not cut words where a secret is hardly one', () => {
    expect(redactor({ EVENT_BUS_KAFKA_API_SECRET: 'or' })('orders')).toBe('orders');
  });
});
