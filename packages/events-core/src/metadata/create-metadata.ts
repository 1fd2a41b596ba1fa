import { InvalidMetadataError } from '../errors/data-errors.js';
import type { EventsRuntime } from '../runtime/events-runtime.js';
import { runtime } from '../runtime/runtime.js';
import type { TraceContext } from '../runtime/trace-context.js';
import { DateTime } from '../shapes/date-time.js';
import { isUuid } from '../shapes/uuid.js';
import { coreVersion } from './core-version.js';
import type { EventsMetadata, MetadataField } from './events-metadata.js';

/** Metadata that the caller gives to a new event; the rest is generated. */
export interface MetadataInput {
  readonly eventType: string;
  readonly minorVersion?: number | undefined;
  readonly id?: string | undefined;
  readonly source?: string | undefined;
  readonly sourceHost?: string | undefined;
  /** A `Date`, an ISO-8601 text with an offset, or a `DateTime`; stored in UTC. @defaultValue now */
  readonly time?: Date | DateTime | string | undefined;
  readonly sourceLib?: readonly number[] | undefined;
  readonly correlationId?: string | null | undefined;
  readonly causationId?: string | null | undefined;
  readonly trace?: TraceContext | null | undefined;
}

/**
 * Makes the metadata of an event.
 *
 * @throws InvalidMetadataError when a given value is refused
 */
export function createMetadata(input: MetadataInput): EventsMetadata {
  const current = runtime();
  if (input.eventType === '') throw new InvalidMetadataError('eventType', 'expected text that is not empty');
  if (input.id !== undefined && !isUuid(input.id)) throw new InvalidMetadataError('id', 'expected a UUID');
  if (input.minorVersion !== undefined && !Number.isSafeInteger(input.minorVersion)) {
    throw new InvalidMetadataError('minorVersion', 'expected an integer');
  }
  if (input.sourceLib !== undefined && !isVersion(input.sourceLib)) {
    throw new InvalidMetadataError(
      'sourceLib',
      'expected integers, such as [1, 0, 0]: Python peers cannot read anything else',
    );
  }
  return freezeMetadata({
    id: input.id ?? current.nextId(),
    eventType: input.eventType,
    minorVersion: input.minorVersion ?? 0,
    source: input.source ?? sourceOf(current),
    sourceHost: input.sourceHost ?? current.sourceHost,
    time: input.time === undefined ? DateTime.fromEpochMs(current.clock.now()) : utc(input.time),
    sourceLib: input.sourceLib === undefined ? coreVersion : Object.freeze([...input.sourceLib]),
    correlationId: input.correlationId ?? null,
    causationId: input.causationId ?? null,
    trace: input.trace === undefined ? (current.telemetry.traceContext() ?? null) : input.trace,
    defaulted: none,
  });
}

/** Takes the fields as they are; for readers of wire forms, which have checked them. */
export function freezeMetadata(fields: EventsMetadata): EventsMetadata {
  return Object.freeze(fields);
}

/** The `source` of events of this process. */
function sourceOf(current: EventsRuntime): string {
  return `openedx/${current.serviceName}/web`;
}

function utc(time: Date | DateTime | string): DateTime {
  let value: DateTime;
  try {
    value = DateTime.from(time);
    if (value.iso.endsWith('+00:00')) return value;
    return DateTime.fromEpochMicroseconds(value.epochMicroseconds);
  } catch (cause) {
    throw new InvalidMetadataError('time', cause instanceof Error ? cause.message : 'expected a time', {
      cause,
    });
  }
}

function isVersion(version: readonly number[]): boolean {
  return version.length > 0 && version.every((part) => Number.isSafeInteger(part) && part >= 0);
}

const none: readonly MetadataField[] = Object.freeze([]);
