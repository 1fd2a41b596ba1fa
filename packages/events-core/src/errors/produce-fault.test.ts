import { describe, expect, it } from 'vitest';
import { BufferFullError, IllegalStateError, OutcomeUnknownError, ProduceFailedError } from './bus-errors.js';
import { ProducerConfigurationError } from './configuration-errors.js';
import { InvalidDataError, InvalidMetadataError } from './data-errors.js';
import { faultOf } from './produce-fault.js';
import { InfrastructureError } from './receiver-errors.js';
import { InvalidSignalError, LocalOnlyError } from './signal-errors.js';
import { EncodingFailedError, IncompatibleSchemaError } from './wire-errors.js';

const refused = (options: Partial<ConstructorParameters<typeof ProduceFailedError>[2]>) =>
  new ProduceFailedError('orders', 'why', { retryable: false, ...options });

describe('the fault of a failed send', () => {
  it.each<[string, unknown, string]>([
    ['an event that is too large', refused({ isTooLarge: true }), 'event'],
    ['an event that its bus blames', refused({ fault: 'event' }), 'event'],
    ['data that do not fit', new InvalidDataError('e', []), 'event'],
    ['metadata of another event', new InvalidMetadataError('eventType', 'why'), 'event'],
    ['data that cannot be encoded', new EncodingFailedError('e', '', 'why'), 'event'],
    ['a schema that cannot be read', new IncompatibleSchemaError('e', 'a', 'b', 'why'), 'event'],
    ['an event without a schema', new InvalidSignalError('e', 'why'), 'event'],
    ['an event that stays in its process', new LocalOnlyError('e', 'why'), 'event'],
    ['a topic that is none', new ProducerConfigurationError([]), 'event'],
    ['a refusal without a reason', refused({}), 'bus'],
    ['a broker that was unreachable until the end', refused({ retryable: true }), 'bus'],
    ['a broker that is unreachable', new InfrastructureError('why'), 'bus'],
    ['a full buffer', new BufferFullError('orders', 1), 'bus'],
    ['a closed producer', new IllegalStateError('send', 'closed'), 'bus'],
    ['an error of somebody else', new TypeError('why'), 'bus'],
    ['a word that is no fault', Object.assign(new Error('why'), { fault: 'mine' }), 'bus'],
    ['a value that is no error', undefined, 'bus'],
    ['a lost answer', refused({ outcome: 'unknown' }), 'unknown'],
    [
      'a lost answer to a message that may be too large',
      refused({ outcome: 'unknown', isTooLarge: true }),
      'unknown',
    ],
    ['a lost answer that is tried again', new OutcomeUnknownError('why'), 'unknown'],
  ])('of %s is %3$s', (_, error, fault) => {
    expect(faultOf(error)).toBe(fault);
  });
});
