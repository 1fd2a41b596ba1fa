import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnusableMessageError } from '../errors/wire-errors.js';
import {
  deadLetterTopic,
  failureCode,
  failureMessage,
  fromDeadLetter,
  isDeadLetterTopic,
  toDeadLetter,
} from './dead-letter.js';
import type { Header, Message } from './message.js';

const facts = {
  code: 'EVENTS_DECODING_FAILED',
  message: 'no JSON',
  attempts: 3,
  firstFailure: new Date('2026-01-02T03:04:05.678Z'),
  lastFailure: new Date('2026-01-02T03:04:06Z'),
  source: 'dev-counts@0:17',
  groupId: 'g',
};
const bytes = (text: string) => Buffer.from(text);
const anyHeaders = fc.array(fc.tuple(fc.string(), fc.uint8Array()).map((header): Header => header));
const anyMessage: fc.Arbitrary<Message> = fc.record({
  topic: fc.constant('dev-counts'),
  key: fc.option(fc.uint8Array()),
  value: fc.option(fc.uint8Array()),
  headers: anyHeaders,
});

describe('toDeadLetter', () => {
  it('keeps key, value and headers, and adds the facts', () => {
    const message: Message = {
      topic: 'dev-counts',
      key: null,
      value: null,
      headers: [
        ['a', Uint8Array.of(0xff)],
        ['a', bytes('again')],
      ],
    };
    const letter = toDeadLetter(message, facts);
    expect(letter).toMatchObject({ topic: 'dev-counts.g.dlq', key: null, value: null });
    expect(letter.headers.slice(0, 2)).toEqual(message.headers);
    expect(
      letter.headers.slice(2).map(([name, value]) => [name, Buffer.from(value ?? []).toString()]),
    ).toEqual([
      ['dlq-code', 'EVENTS_DECODING_FAILED'],
      ['dlq-message', 'no JSON'],
      ['dlq-attempts', '3'],
      ['dlq-first-failure', '2026-01-02T03:04:05.678Z'],
      ['dlq-last-failure', '2026-01-02T03:04:06.000Z'],
      ['dlq-source', 'dev-counts@0:17'],
      ['dlq-group', 'g'],
    ]);
  });

  it('bounds the message of the cause', () => {
    const letter = toDeadLetter(
      { topic: 't', key: null, value: null, headers: [] },
      { ...facts, message: 'x'.repeat(5_000) },
    );
    const said = letter.headers.find(([name]) => name === 'dlq-message')?.[1];
    expect(said).toHaveLength(1_000);
  });

  it('replaces the facts of an earlier death', () => {
    const once = toDeadLetter({ topic: 'dev-counts', key: null, value: null, headers: [] }, facts);
    const twice = toDeadLetter({ ...once, topic: 'dev-counts' }, { ...facts, attempts: 9 });
    expect(twice.headers).toHaveLength(once.headers.length);
    expect(twice.headers).toContainEqual(['dlq-attempts', bytes('9')]);
  });
});

describe('fromDeadLetter', () => {
  it('gives back the message that was, whatever it was', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(fromDeadLetter(toDeadLetter(message, facts), message.topic)).toEqual(message);
      }),
    );
  });

  it('strips our facts only', () => {
    const headers: Header[] = [
      ['dlq-other', bytes('x')],
      ['dlq-code', bytes('y')],
      ['DLQ-code', bytes('z')],
    ];
    const message = fromDeadLetter({ topic: 'a.g.dlq', key: null, value: null, headers }, 'a');
    expect(message).toEqual({ topic: 'a', key: null, value: null, headers: [headers[0], headers[2]] });
  });
});

describe('deadLetterTopic', () => {
  it('is of the full topic and the group', () => {
    expect(deadLetterTopic('dev-counts', 'search')).toBe('dev-counts.search.dlq');
  });
});

describe('isDeadLetterTopic', () => {
  it('knows a dead-letter topic by its end', () => {
    expect(isDeadLetterTopic(deadLetterTopic('dev-counts', 'search'))).toBe(true);
    for (const topic of ['dlq', 'counts-dlq', 'counts.dlq.v1', 'counts.DLQ']) {
      expect(isDeadLetterTopic(topic)).toBe(false);
    }
  });
});

describe('failureCode and failureMessage', () => {
  it.each([
    [
      new UnusableMessageError('why'),
      'EVENTS_UNUSABLE_MESSAGE',
      'UnusableMessageError: message cannot be used: why',
    ],
    [Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED', 'Error: refused'],
    [new TypeError('broken'), 'RECEIVER_FAILED', 'TypeError: broken'],
    [Object.assign(new Error('x'), { code: 5 }), 'RECEIVER_FAILED', 'Error: x'],
    ['hunter2', 'RECEIVER_FAILED', 'a value that is no Error was thrown (string)'],
    [null, 'RECEIVER_FAILED', 'a value that is no Error was thrown (object)'],
    [undefined, 'RECEIVER_FAILED', 'a value that is no Error was thrown (undefined)'],
  ])('say of %o: %s, %s', (thrown, code, message) => {
    expect(failureCode(thrown)).toBe(code);
    expect(failureMessage(thrown)).toBe(message);
  });
});
