import { runtime } from '@openedx-ts/events-core/bus';
import type { RedrivenEntry } from '../store/redriven-entry.js';
import type { ParkedAction } from './parked-action.js';
import { type ParkedSource, readParkedPages } from './read-parked.js';

/** Which parked entries are redriven, and how. */
export interface ParkedRedrive extends ParkedAction {
  /**
   * Puts them back at their own positions, so that later events of their keys that waited come after them. For relays
   * with `hold-key`; with `go-on` there is no promise whether they come before or after pending ones. @defaultValue false
   */
  readonly inPlace?: boolean;
}

/** The outcome of a redrive. */
export interface ParkedRedriveReport {
  /** Pending again; in a dry run, would be. */
  readonly redriven: number;
  /** With `inPlace`: still parked, because another event has their position by now. Redrive them without `inPlace`. */
  readonly stayed: number;
  /** The first hundred of them, and what they come after; none in a dry run, or in place. */
  readonly entries: readonly RedrivenEntry[];
  readonly isDryRun: boolean;
}

/** See `OutboxAdmin.redrive`. */
export async function redriveParked(
  source: ParkedSource,
  { dryRun = false, inPlace = false, abortSignal, all: _all, ...filter }: ParkedRedrive,
): Promise<ParkedRedriveReport> {
  const { database, store } = source;
  const entries: RedrivenEntry[] = [];
  let redriven = 0;
  let stayed = 0;
  for await (const { topic, rows } of readParkedPages(source, filter)) {
    if (abortSignal?.aborted) break;
    if (dryRun) {
      redriven += rows.length;
      continue;
    }
    if (inPlace) {
      const restored = await database.transaction((_, executor) => store.restore(executor, topic, rows));
      redriven += restored.length;
      stayed += rows.length - restored.length;
      const ids = new Set(restored.map(({ eventId }) => eventId));
      for (const row of rows) if (ids.has(row.eventId)) audit(row);
      continue;
    }
    const done = await database.transaction((_, executor) => store.redrive(executor, topic, rows));
    redriven += done.length;
    entries.push(...done.slice(0, MAX_REPORTED - entries.length));
    for (const entry of done) audit(entry);
  }
  return { redriven, stayed, entries, isDryRun: dryRun };
}

const MAX_REPORTED = 100;

function audit({
  topic,
  eventType,
  eventId,
  position,
}: Pick<RedrivenEntry, 'topic' | 'eventType' | 'eventId' | 'position'>): void {
  const facts = { topic, eventType, eventId, position: String(position) };
  runtime().logger.info(facts, 'a parked event is pending again');
}
