import { type Exchange, outcomeOf } from '../exchange.js';

/** What a version of the Python packages made of the events of all shapes. */
export interface ShapeRun {
  /** `openedx-events 11.2.0` */
  readonly version: string;
  /** Why the version has no schema for an event, by event type. */
  readonly refused: ReadonlyMap<string, string>;
  readonly toPython: Exchange;
  readonly toTypeScript: Exchange;
}

/** The table of the page of parity: a row for each shape, and for each version a column for each direction. */
export function shapeTable(
  shapes: ReadonlyMap<string, { readonly eventType: string }>,
  runs: readonly ShapeRun[],
): string {
  const header = ['shape', ...runs.flatMap(({ version }) => [`to ${version}`, `from ${version}`])];
  const rows = [...shapes].map(([text, { eventType }]) => [
    `\`${text}\``,
    ...runs.flatMap((run) => [cell(run, run.toPython, eventType), cell(run, run.toTypeScript, eventType)]),
  ]);
  return [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cell({ refused }: ShapeRun, exchange: Exchange, eventType: string): string {
  if (refused.has(eventType)) return '**refused**: no schema there';
  const { full, sparse, falsy } = outcomeOf(exchange, eventType);
  const lines = [...new Set([...full, ...sparse, ...falsy])];
  const failures = lines.filter((line) => !line.includes(' → '));
  if (failures.length > 0) return `**refused**: ${failures.join('; ')}`;
  if (lines.length > 0) return `**changed**: ${lines.map(change).join('; ')}`;
  return 'carried';
}

/** `0 → null`, of `sent.field: 0 → null`. */
function change(difference: string): string {
  return `\`${difference.replace(/^\S+ /, '')}\``;
}
