import { afterEach, describe, expect, it, vi } from 'vitest';
import { DuplicateSignalError } from '../errors/signal-errors.js';
import { custom } from '../shapes/custom.js';
import { enumeration } from '../shapes/enumeration.js';
import { list } from '../shapes/list.js';
import { map } from '../shapes/map.js';
import { optional } from '../shapes/optional.js';
import { long, string } from '../shapes/primitives.js';
import { record } from '../shapes/record.js';
import type { Shape } from '../shapes/shape.js';
import { withDefault } from '../shapes/with-default.js';
import { defineSignal } from './define-signal.js';
import { allSignals, snapshotSignals } from './registry.js';
import type { SignalDetails } from './signal-definition.js';

const restore = snapshotSignals();
afterEach(restore);

/** A definition as a module makes it each time it is evaluated. */
const invoicePaid = (user: object = {}, details: Partial<SignalDetails<never>> = {}) =>
  defineSignal({
    eventType: 'com.example.billing.invoice.paid.v1',
    data: {
      invoice: record('InvoiceData', {
        state: enumeration(['paid', 'refunded']),
        total: custom({
          name: 'Money',
          wire: 'string',
          normalize: (value: string) => value,
          toWire: (value: string) => value,
          fromWire: (value: string) => value,
        }),
        lines: withDefault(list(string()), ['none']),
        rates: map(long()),
        user: record('InvoiceUserData', { email: optional(string({ pii: 'email_address' })), ...user }),
      }),
    },
    eventKeyField: 'invoice.state',
    ...details,
  } as never);

describe('a definition that is evaluated twice', () => {
  it('is one signal: receivers of both are called, however often it is evaluated', async () => {
    const first = invoicePaid();
    const received = vi.fn();
    first.connect(received, { name: 'first' });
    const again = Array.from({ length: 20 }, () => invoicePaid());
    expect(new Set(again)).toEqual(new Set([first]));
    again[0]?.connect(received, { name: 'again' });
    expect(first.receivers).toEqual(['first', 'again']);
    expect(allSignals()).toEqual([first]);
  });

  it.each<[string, () => unknown, string]>([
    ['another kind of field', () => invoicePaid({ email: string() }), 'data.invoice.user.email.kind'],
    ['one more field', () => invoicePaid({ name: string() }), 'data.invoice.user.name'],
    [
      'another mark of personal data',
      () => invoicePaid({ email: optional(string()) }),
      'data.invoice.user.email',
    ],
    ['a raised minor version', () => invoicePaid({}, { minorVersion: 1 }), 'minorVersion'],
    ['other words', () => invoicePaid({}, { doc: 'An invoice was paid.' }), 'doc'],
    ['a reason to stay in the process', () => invoicePaid({}, { localOnly: 'holds totals' }), 'localOnly'],
  ])('is refused with %s, and the error names the place', (_, define, place) => {
    const first = invoicePaid();
    expect(define).toThrow(DuplicateSignalError);
    expect(define).toThrow(expect.objectContaining({ difference: expect.stringContaining(place) }));
    expect(define).toThrow(`differ at ${place}`);
    expect(allSignals()).toEqual([first]);
  });

  it.each([
    ['symbols', enumeration(['a', 'b']), enumeration(['b', 'a'])],
    ['defaults', withDefault(list(string()), ['a']), withDefault(list(string()), ['b'])],
    ['items', list(string()), list(long())],
    ['the order of fields', record('R', { a: long(), b: long() }), record('R', { b: long(), a: long() })],
  ])('is refused where %s differ', (_, one, other) => {
    const define = (shape: Shape) =>
      defineSignal({ eventType: 'com.example.a.b.c.v1', data: { of: record('Of', { shape }) } } as never);
    define(one);
    expect(() => define(other)).toThrow(DuplicateSignalError);
  });
});
