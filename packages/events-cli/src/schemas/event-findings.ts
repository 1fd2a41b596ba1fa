import { schemaFileName, schemaOf } from '@openedx-ts/events-avro';
import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import type { DefinitionBreak, Reader } from '../definitions/definition-break.js';
import { definitionOf } from '../definitions/definition-of.js';
import { keyChange } from '../definitions/key-change.js';
import { piiLosses } from '../definitions/pii-losses.js';
import type { CheckFinding } from './check-finding.js';
import { eventBreaks, type PublishedEvent } from './event-breaks.js';
import type { PublishedSchemas } from './published-schemas.js';
import { breakText, type CheckMode } from './schema-breaks.js';

/** Compares an event with what was published of it, in the direction of `mode`. */
export async function eventFindings(
  signal: OpenEdxPublicSignal,
  published: PublishedSchemas,
  mode: CheckMode,
): Promise<readonly CheckFinding[]> {
  const { eventType } = signal;
  const events = await published.eventsOf(eventType);
  if (events.length > 0) return events.flatMap((event) => findingsOf(signal, event, published, mode));
  return published.isWorkingCopy
    ? [
        {
          kind: 'missing',
          eventType,
          text: `${schemaFileName(eventType)}: there is no schema file of ${eventType}: run schema generate`,
        },
      ]
    : [{ kind: 'new', eventType, text: `${eventType}: not published in ${published.label} yet` }];
}

function findingsOf(
  signal: OpenEdxPublicSignal,
  event: PublishedEvent,
  published: PublishedSchemas,
  mode: CheckMode,
): readonly CheckFinding[] {
  const { eventType } = signal;
  const current = definitionOf(signal);
  const breaks = eventBreaks(event, eventType, current).filter(
    ({ direction }) => mode === 'full' || mode === direction,
  );
  const ours = breaks.filter(({ readers }) => readers.has('typescript'));
  const findings = [
    ...ours.map((one) => incompatible(one, event, eventType)),
    ...pythonFindings(breaks, event, eventType),
    ...definitionFindings(signal, event),
  ];
  if (findings.some(({ kind }) => kind !== 'python') || !isChanged(signal, event)) return findings;
  const text = `${event.label}: compatible`;
  return published.isWorkingCopy
    ? [
        ...findings,
        {
          kind: 'changed',
          eventType,
          text: `${text}, but the file is out of date: run schema generate --force for it`,
        },
      ]
    : [...findings, { kind: 'compatible', eventType, text: `${text} change` }];
}

function incompatible(one: DefinitionBreak, { label }: PublishedEvent, eventType: string): CheckFinding {
  const python = pythonNames(one.readers);
  const too = python === '' ? '' : `; Python services on ${python} too`;
  const text = `${label}: ${one.path === '' ? 'the event' : one.path}: ${breakText(one)}${too}`;
  return { kind: 'incompatible', eventType, direction: one.direction, text, cure: one.cure };
}

/** What breaks Python services only, one finding for each field. */
function pythonFindings(
  breaks: readonly DefinitionBreak[],
  { label }: PublishedEvent,
  eventType: string,
): readonly CheckFinding[] {
  const byPath = new Map<string, DefinitionBreak[]>();
  for (const one of breaks)
    if (!one.readers.has('typescript')) byPath.set(one.path, [...(byPath.get(one.path) ?? []), one]);
  return [...byPath].map(([path, [first, ...others]]) => {
    const { message, cure, readers } = first as DefinitionBreak;
    const all = new Set([...readers, ...others.flatMap((one) => [...one.readers])]);
    const buses = (['kafka', 'redis'] as const).filter((bus) => all.has(`python-${bus}`));
    const names = pythonNames(all);
    const text = `${label}: ${path === '' ? 'the event' : path}: breaks Python services on ${names} (${message})`;
    return { kind: 'python', eventType, text, cure, pythonBuses: buses };
  });
}

/** The buses on which Python services are among the readers: `Kafka and Redis`. */
function pythonNames(readers: ReadonlySet<Reader>): string {
  const names = [
    ...(readers.has('python-kafka') ? ['Kafka'] : []),
    ...(readers.has('python-redis') ? ['Redis'] : []),
  ];
  return names.join(' and ');
}

/** What only definitions show: keys and personal data. */
function definitionFindings(signal: OpenEdxPublicSignal, event: PublishedEvent): readonly CheckFinding[] {
  const { eventType } = signal;
  const { label, definition } = event;
  if (definition === undefined) return [];
  const current = definitionOf(signal);
  const change = keyChange(definition, current);
  const key: CheckFinding = {
    kind: 'key',
    eventType,
    text: `${label}: ${change}: events of one key are no longer in order with those sent before`,
    cure: 'keep the key; or stop all senders, let consumers finish, and start the new senders',
  };
  return [
    ...(change === undefined ? [] : [key]),
    ...piiLosses(definition, current).map(
      (path): CheckFinding => ({
        kind: 'pii',
        eventType,
        text: `${label}: ${path}: no longer marked as personal data: tools and logs show its values`,
        cure: 'mark it with pii again; if it holds no personal data any more, define a new field',
      }),
    ),
  ];
}

function isChanged(signal: OpenEdxPublicSignal, { text, definition }: PublishedEvent): boolean {
  const isSameSchema = sorted(JSON.parse(text)) === sorted(schemaOf(signal).json);
  const isSameDefinition = definition === undefined || sorted(definition) === sorted(definitionOf(signal));
  return !isSameSchema || !isSameDefinition;
}

/** Formats JSON with sorted keys, so that their order does not matter. */
function sorted(json: unknown): string {
  return JSON.stringify(json, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
