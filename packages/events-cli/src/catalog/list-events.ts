import { nearestName } from '@openedx-ts/events-core/bus';
import { jsonText } from '../records/json-text.js';
import { allKnownSignals } from '../signals/known-signals.js';
import type { SignalNames } from '../signals/require-modules.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter } from '../terminal/line-writer.js';
import { table } from '../terminal/table.js';
import { catalogNames } from './catalog-names.js';
import { type EventFacts, eventFacts } from './event-facts.js';

/** Options of `catalog list`. */
export interface ListOptions {
  readonly subdomain: string | undefined;
  readonly json: boolean;
}

/**
 * Writes the known events, one a line, as a table or as JSON.
 *
 * @throws CommandError when no event belongs to the subdomain
 */
export async function listEvents(options: ListOptions, names: SignalNames, io: CliIo): Promise<void> {
  const signals = await allKnownSignals();
  const allNames = new Map([...(await catalogNames()), ...names]);
  const all = signals.map((signal) => eventFacts(signal, allNames.get(signal.eventType)));
  const events = options.subdomain === undefined ? all : inSubdomain(all, options.subdomain);
  const output = lineWriter(io);
  const width = (io.stdout as { readonly columns?: number }).columns;
  const lines = options.json ? events.map((event) => jsonText(event)) : table(head, events.map(row), width);
  for (const line of lines) await output.line(line);
  await output.flush();
}

const head = ['EVENT TYPE', 'SINCE', 'PII', 'DOC'];

function row(event: EventFacts): readonly string[] {
  const mark = event.local_only !== null ? '(local only) ' : event.deprecated !== null ? '(deprecated) ' : '';
  return [
    event.event_type,
    event.since ?? '-',
    event.pii.length > 0 ? 'yes' : 'no',
    `${mark}${event.doc ?? ''}`,
  ];
}

function inSubdomain(events: readonly EventFacts[], wanted: string): readonly EventFacts[] {
  // The folders of the catalogue have hyphens, the event types underscores.
  const subdomain = wanted.replaceAll('-', '_');
  const found = events.filter((event) => event.subdomain === subdomain);
  if (found.length > 0) return found;
  const known = [...new Set(events.map((event) => event.subdomain))];
  const nearest = nearestName(subdomain, known);
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  throw new CommandError(
    'CLI_UNKNOWN_NAME',
    `--subdomain: there is no subdomain ${wanted}${hint}; known are ${known.join(', ')}`,
  );
}
