import { describe, expect, it } from 'vitest';
import { InfrastructureError } from '../errors/receiver-errors.js';
import { entryLine } from './entry-line.js';

describe('entryLine', () => {
  it('names what happened, where and why', () => {
    const facts = { receiver: 'mail', attempt: 2, topics: ['a', 'b'], isNew: true, err: new Error('boom') };
    expect(entryLine('error', facts, 'a receiver failed; fix it')).toBe(
      'openedx-events error: a receiver failed; fix it (receiver=mail attempt=2 topics=a,b isNew=true): boom',
    );
    expect(entryLine('warn', {}, 'nothing to add')).toBe('openedx-events warning: nothing to add');
    expect(entryLine('warn', { reason: 'ECONNREFUSED' }, 'retried')).toBe(
      'openedx-events warning: retried: ECONNREFUSED',
    );
  });

  it('shows codes and causes of an error once, and no stack', () => {
    const socket = Object.assign(new Error('connect to 127.0.0.1'), { code: 'ECONNREFUSED' });
    const err = new InfrastructureError('the database is unreachable', { cause: socket });
    expect(entryLine('error', { err }, 'a receiver failed')).toBe(
      'openedx-events error: a receiver failed: the database is unreachable [EVENTS_INFRASTRUCTURE]; ' +
        'caused by: connect to 127.0.0.1 [ECONNREFUSED]',
    );
    const repeats = new Error('sending failed: refused', { cause: new Error('refused') });
    expect(entryLine('error', { err: repeats }, 'm')).toBe(
      'openedx-events error: m: sending failed: refused',
    );
    const several = new AggregateError([new Error('first'), new Error('second')], 'all addresses failed');
    expect(entryLine('error', { err: several }, 'm')).toMatch(/: all addresses failed; caused by: first$/);
    expect(entryLine('error', { err: { password: 'x' } }, 'm')).toMatch(/no Error was thrown \(object\)$/);
  });

  it('ends with causes that lead in a circle', () => {
    const error = new Error('circle');
    error.cause = error;
    expect(entryLine('error', { err: error }, 'm')).toBe('openedx-events error: m: circle');
  });

  it('escapes what could pretend to be another line or colour, and cuts long texts', () => {
    const facts = {
      topic: 'a\nb\u001b[31m\u202e',
      groupId: 'two words',
      lane: '\ud800\u{e0001}\u0085',
      err: new Error('x'.repeat(5_000)),
    };
    const line = entryLine('warn', facts, 'm');
    expect(line).toContain('topic="a\\nb\\u001b[31m\\u{202e}" groupId="two words"');
    expect(line).toContain('lane=\\u{d800}\\u{e0001}\\u{85}');
    expect(line).toMatch(/: x{300}…$/);
    expect(entryLine('warn', { reason: 'one\r\ntwo' }, 'm')).toBe(
      'openedx-events warning: m: one\\u{d}\\u{a}two',
    );
    const many = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`fact${index}`, 'y'.repeat(400)]),
    );
    expect(entryLine('warn', many, 'm')).toHaveLength(2_001);
  });

  it('shows no payloads, keys or passwords', () => {
    const facts = {
      data: { email: 'a@b.c' },
      key: Buffer.from('secret'),
      url: 'redis://app:secret@host:6379/0',
    };
    expect(entryLine('warn', facts, 'm')).toBe('openedx-events warning: m (url=redis://app:***@host:6379/0)');
  });
});
