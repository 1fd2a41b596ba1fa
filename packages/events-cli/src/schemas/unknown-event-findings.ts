import { schemaFileName } from '@openedx-ts/events-avro';
import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { definitionsFileName } from '../definitions/definitions-file.js';
import { noSchemaReason } from '../signals/signal-with-schema.js';
import type { CheckFinding } from './check-finding.js';
import type { PublishedSchemas } from './published-schemas.js';

/** Lists what was published of events that no longer exist, and files that belong to none. */
export async function unknownEventFindings(
  published: PublishedSchemas,
  known: readonly OpenEdxPublicSignal[],
): Promise<readonly CheckFinding[]> {
  const sent = new Set(
    known.filter(({ about }) => about.localOnly === undefined).map((one) => one.eventType),
  );
  const files = new Set([...sent].map(schemaFileName));
  const gone = new Map<string, string>();
  const extra: CheckFinding[] = [];
  for (const eventType of published.definitions?.keys() ?? [])
    if (!sent.has(eventType)) gone.set(eventType, definitionsFileName);
  for (const file of published.files) {
    if (files.has(file)) continue;
    const eventType = eventTypeIn(await published.textOf(file), file);
    if (eventType !== undefined) gone.set(eventType, file);
    else extra.push({ kind: 'extra', text: `${file}: the file of no known event` });
  }
  const vanished = [...gone].map(([eventType, file]): CheckFinding => {
    const signal = known.find((one) => one.eventType === eventType);
    const reason = signal === undefined ? `there is no event ${eventType} any more` : noSchemaReason(signal);
    return { kind: 'vanished', eventType, text: `${file}: ${reason}`, cure: VANISHED };
  });
  return [...vanished, ...extra];
}

const VANISHED =
  'load its module with --require, or define it again; when nothing sends or receives it, delete its file and run schema generate';

/** The event type of a schema file that has the name of its event. */
function eventTypeIn(text: string | undefined, file: string): string | undefined {
  try {
    const { name, namespace } = JSON.parse(text ?? '') as {
      readonly name?: unknown;
      readonly namespace?: unknown;
    };
    return name === 'CloudEvent' && typeof namespace === 'string' && schemaFileName(namespace) === file
      ? namespace
      : undefined;
  } catch {
    return undefined;
  }
}
