import { describe, expect, it, vi } from 'vitest';
import {
  BufferFullError,
  ConsumerFailedError,
  EarlierEventFailedError,
  IllegalStateError,
  ProduceFailedError,
} from './bus-errors.js';
import { BusLoadError, InvalidOptionsError, ProducerConfigurationError } from './configuration-errors.js';
import { InvalidDataError, InvalidDateTimeError, InvalidMetadataError } from './data-errors.js';
import { describeIssues, EventsError, type EventsErrorCode, reasonOf } from './events-error.js';
import { hasErrorCode } from './has-error-code.js';
import { InfrastructureError, ReceiverFailedError, ReceiversFailedError } from './receiver-errors.js';
import {
  DuplicateSignalError,
  InvalidShapeError,
  InvalidSignalError,
  LocalOnlyError,
  RegistryProtocolError,
  UnknownSignalError,
} from './signal-errors.js';
import {
  NoTransactionError,
  TransactionEndedError,
  TransactionRolledBackError,
} from './transaction-errors.js';
import {
  DecodingFailedError,
  EncodingFailedError,
  IncompatibleSchemaError,
  UnusableMessageError,
} from './wire-errors.js';

const cause = new Error('the cause');
const issues = [{ path: 'user.id', message: 'expected an integer, got text' }];

/** One of each class, with the code that is its own, and the facts it carries. */
const table: readonly [EventsErrorCode, EventsError, object][] = [
  ['EVENTS_BUFFER_FULL', new BufferFullError('t', 10), { topic: 't', retryable: true }],
  ['EVENTS_BUS_LOAD_FAILED', new BusLoadError('bus x', 'why', { cause }), { specifier: 'bus x', cause }],
  ['EVENTS_CONSUMER_FAILED', new ConsumerFailedError('g', 'why', { cause }), { groupId: 'g', cause }],
  [
    'EVENTS_DECODING_FAILED',
    new DecodingFailedError('e', 'a.b', 'why', { cause }),
    { eventType: 'e', path: 'a.b', cause },
  ],
  ['EVENTS_DUPLICATE_SIGNAL', new DuplicateSignalError('e'), { eventType: 'e' }],
  [
    'EVENTS_EARLIER_EVENT_FAILED',
    new EarlierEventFailedError('t', 'id', { cause }),
    { topic: 't', retryable: true, earlierEventId: 'id', cause },
  ],
  [
    'EVENTS_ENCODING_FAILED',
    new EncodingFailedError('e', '', 'why', { cause }),
    { eventType: 'e', path: '', cause },
  ],
  ['EVENTS_ILLEGAL_STATE', new IllegalStateError('run', 'running'), { operation: 'run', state: 'running' }],
  [
    'EVENTS_INCOMPATIBLE_SCHEMA',
    new IncompatibleSchemaError('e', 'aa', 'bb', 'why', { cause }),
    { eventType: 'e', writerFingerprint: 'aa', readerFingerprint: 'bb', cause },
  ],
  ['EVENTS_INFRASTRUCTURE', new InfrastructureError('down', { cause }), { retryable: true, cause }],
  ['EVENTS_INVALID_DATA', new InvalidDataError('e', issues), { eventType: 'e', issues }],
  ['EVENTS_INVALID_DATE_TIME', new InvalidDateTimeError('why'), {}],
  ['EVENTS_INVALID_METADATA', new InvalidMetadataError('id', 'why', { cause }), { field: 'id', cause }],
  ['EVENTS_INVALID_OPTIONS', new InvalidOptionsError('s', issues), { subject: 's', issues }],
  ['EVENTS_INVALID_SHAPE', new InvalidShapeError('why'), {}],
  ['EVENTS_INVALID_SIGNAL', new InvalidSignalError('e', 'why'), { eventType: 'e' }],
  ['EVENTS_LOCAL_ONLY', new LocalOnlyError('e', 'why'), { eventType: 'e', reason: 'why' }],
  [
    'EVENTS_PRODUCE_FAILED',
    new ProduceFailedError('t', 'why', { retryable: false, cause }),
    { topic: 't', retryable: false, cause },
  ],
  ['EVENTS_NO_TRANSACTION', new NoTransactionError('e', 't'), { eventType: 'e', topic: 't' }],
  ['EVENTS_PRODUCER_CONFIGURATION', new ProducerConfigurationError(issues), { issues }],
  [
    'EVENTS_RECEIVERS_FAILED',
    new ReceiversFailedError('e', [{ receiver: 'r', reason: cause }]),
    { eventType: 'e', receivers: ['r'] },
  ],
  [
    'EVENTS_RECEIVER_FAILED',
    new ReceiverFailedError('e', 'r', cause),
    { eventType: 'e', receiver: 'r', cause },
  ],
  ['EVENTS_REGISTRY_PROTOCOL', new RegistryProtocolError(2, 1), {}],
  ['EVENTS_TRANSACTION_ROLLED_BACK', new TransactionRolledBackError('e', cause), { eventType: 'e', cause }],
  ['EVENTS_TRANSACTION_ENDED', new TransactionEndedError('e'), { eventType: 'e' }],
  ['EVENTS_UNKNOWN_SIGNAL', new UnknownSignalError('e', 'f'), { eventType: 'e', nearest: 'f' }],
  [
    'EVENTS_UNUSABLE_MESSAGE',
    new UnusableMessageError('why', 'ce_id', { cause }),
    { header: 'ce_id', cause },
  ],
];

describe('every error', () => {
  it.each(table)('%s has its own code, its class as its name, and its facts', (code, error, facts) => {
    expect(error.code).toBe(code);
    expect(error.name).toBe(error.constructor.name);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject(facts);
    expect(error.message).not.toBe('');
    expect(error.message).not.toMatch(/undefined|\[object/);
  });

  it('has a code that no other class has', () => {
    expect(new Set(table.map(([code]) => code)).size).toBe(table.length);
    expect(new Set(table.map(([, error]) => error.constructor)).size).toBe(table.length);
  });

  it.each(table)('%s is recognised by another copy of the package', async (_, error) => {
    vi.resetModules();
    const copy = (await import('./events-error.js')).EventsError;
    expect(copy).not.toBe(EventsError);
    expect(copy.is(error)).toBe(true);
    expect(EventsError.is(error)).toBe(true);
  });
});

describe('an error of another package', () => {
  it('has a code under the name of its package', () => {
    class TablesMissingError extends EventsError {
      readonly code = 'EVENTS_OUTBOX_TABLES';
    }
    expect(EventsError.is(new TablesMissingError('why'))).toBe(true);
    expect(hasErrorCode(new TablesMissingError('why'), 'EVENTS_OUTBOX_TABLES')).toBe(true);
  });
});

describe('EventsError.is', () => {
  it.each([
    [new Error('x')],
    [{ code: 'EVENTS_INVALID_DATA' }],
    ['EVENTS_INVALID_DATA'],
    [null],
    [undefined],
  ])('is false for %o', (value) => {
    expect(EventsError.is(value)).toBe(false);
  });

  it('leaves no trace where errors are listed or copied', () => {
    expect(Object.getOwnPropertySymbols({ ...new InvalidShapeError('x') })).toEqual([]);
  });
});

describe('ReceiversFailedError', () => {
  it('names every receiver and keeps every reason, also those that are no errors', () => {
    const error = new ReceiversFailedError('e', [
      { receiver: 'a', reason: cause },
      { receiver: 'b', reason: 'hunter2' },
    ]);
    expect(error.message).toBe(
      '2 receiver(s) of e failed: a (the cause), b (a value that is no Error was thrown (string))',
    );
    expect((error.cause as AggregateError).errors).toEqual([cause, 'hunter2']);
  });
});

describe('reasonOf', () => {
  it.each([
    [new Error('broken'), 'broken'],
    ['hunter2', 'a value that is no Error was thrown (string)'],
    [undefined, 'a value that is no Error was thrown (undefined)'],
    [{ message: 'hunter2' }, 'a value that is no Error was thrown (object)'],
  ])('says of %o: %s', (thrown, reason) => {
    expect(reasonOf(thrown)).toBe(reason);
  });
});

describe('describeIssues', () => {
  it('shows the first five and counts the others', () => {
    const many = Array.from({ length: 7 }, (_, index) => ({
      path: index === 0 ? '' : `f${index}`,
      message: 'wrong',
    }));
    expect(describeIssues(many)).toBe('wrong; f1: wrong; f2: wrong; f3: wrong; f4: wrong; and 2 more');
    expect(describeIssues(many.slice(0, 5))).toBe('wrong; f1: wrong; f2: wrong; f3: wrong; f4: wrong');
  });
});
