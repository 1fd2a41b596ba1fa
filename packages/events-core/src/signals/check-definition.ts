import { InvalidSignalError } from '../errors/signal-errors.js';
import { isAvroName } from '../shapes/record.js';
import { recordNameConflict } from '../shapes/record-names.js';
import { eventTypeProblem } from './event-type.js';
import { resolveKeyPath } from './key-path.js';
import type { PayloadFields } from './signal.js';
import type { SignalDefinition } from './signal-definition.js';

/**
 * Checks the definition of an event.
 *
 * @throws InvalidSignalError naming the first rule that it breaks
 */
export function checkDefinition(definition: SignalDefinition<PayloadFields>): void {
  const { eventType, data, minorVersion = 0, irregularEventType, localOnly } = definition;
  const refuse = (reason: string) => {
    throw new InvalidSignalError(String(eventType), reason);
  };
  if (typeof eventType !== 'string' || eventType === '') refuse('eventType must be text');
  const problem = eventTypeProblem(eventType);
  if (problem !== undefined && irregularEventType === undefined) {
    refuse(`${problem}; if it was published so, say why in irregularEventType`);
  }
  if (/[\s\p{Cc}]/u.test(eventType)) refuse('eventType must not hold white space or control characters');
  if (!Number.isSafeInteger(minorVersion) || minorVersion < 0)
    refuse('minorVersion must be an integer, 0 or more');
  if (localOnly === '') refuse('localOnly must say why');
  if (irregularEventType === '') refuse('irregularEventType must say why');
  if (Object.keys(data).length === 0) refuse('data must have at least one payload key');
  for (const [key, shape] of Object.entries(data)) {
    if (!isAvroName(key)) refuse(`payload key "${key}" must match [A-Za-z_][A-Za-z0-9_]*`);
    if (reservedKeys.has(key)) refuse(`payload key "${key}" is reserved by the reference: use another`);
    const kind: string = shape.kind;
    if (kind === 'optional' || kind === 'withDefault') {
      refuse(`payload key "${key}" must always be there: put what can be left out inside its record`);
    }
  }
  const conflict = recordNameConflict({ CloudEvent: data }, data);
  if (conflict !== undefined) refuse(conflict);
  if (definition.eventKeyField !== undefined) {
    const key = resolveKeyPath(data, definition.eventKeyField);
    if ('problem' in key) refuse(`eventKeyField ${key.problem}`);
  }
}

/** Payload keys that collide with arguments of the reference's send_event, so that no Python peer could define them. */
const reservedKeys: ReadonlySet<string> = new Set([
  'from_event_bus',
  'metadata',
  'self',
  'send_robust',
  'sender',
  'signal',
  'time',
]);
