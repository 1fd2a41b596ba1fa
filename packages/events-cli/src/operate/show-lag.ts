import type { GroupLag, LagQuery } from '@openedx-ts/events-core/operate';
import { closing } from '../bus/closing.js';
import { openAdmin } from '../bus/open-admin.js';
import { openBus } from '../bus/open-bus.js';
import { jsonText } from '../records/json-text.js';
import { ageText } from '../terminal/age-text.js';
import type { CliIo } from '../terminal/cli-io.js';
import { lineWriter } from '../terminal/line-writer.js';
import { table } from '../terminal/table.js';
import { writeNote } from '../terminal/write-note.js';

/** Options of `lag` and `doctor`. */
export interface OperatorOptions {
  readonly bus?: string;
  readonly topic?: readonly string[];
  readonly group?: string;
  readonly json?: boolean;
}

/**
 * Writes how far groups are behind, as a table or as JSON.
 *
 * @throws CommandError when the bus has no admin
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function showLag(options: OperatorOptions, io: CliIo): Promise<void> {
  using bus = await openBus(options.bus, io);
  const admin = await openAdmin(bus, io);
  await using _admin = closing(admin);
  const lags = await admin.lag(queryOf(options));
  const output = lineWriter(io);
  const width = (io.stdout as { readonly columns?: number }).columns;
  const isEmpty = lags.length === 0 && options.json !== true;
  if (isEmpty) writeNote(io.stderr, 'no consumer group found (doctor shows what exists)');
  const lines = options.json === true ? lags.map(json) : isEmpty ? [] : table(head, lags.map(row), width);
  for (const line of lines) await output.line(line);
  await output.flush();
}

/** Builds the query to the bus from the options. */
export function queryOf({ topic: topics, group }: OperatorOptions): LagQuery {
  return {
    ...(topics === undefined ? {} : { topics }),
    ...(group === undefined ? {} : { groupId: group }),
  };
}

const head = ['TOPIC', 'GROUP', 'LANE', 'MEMBERS', 'LENGTH', 'LAG', 'PENDING', 'OLDEST', 'TO TRIM'];

function row(lag: GroupLag): readonly string[] {
  const { topic, groupId, lane, members, length, pending, oldestAgeMs, distanceToTrim } = lag;
  const oldest = oldestAgeMs === null ? '?' : ageText(oldestAgeMs);
  const counts = [members, length, lag.lag, pending].map((count) => (count === null ? '?' : String(count)));
  return [topic, groupId, lane, ...counts, oldest, distanceToTrim === null ? '-' : String(distanceToTrim)];
}

function json(lag: GroupLag): string {
  return jsonText({
    topic: lag.topic,
    group: lag.groupId,
    lane: lag.lane,
    members: lag.members,
    length: lag.length,
    lag: lag.lag,
    pending: lag.pending,
    oldest_age_ms: lag.oldestAgeMs,
    distance_to_trim: lag.distanceToTrim,
  });
}
