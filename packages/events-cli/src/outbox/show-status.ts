import type { OutboxStatus, TopicStatus } from '@openedx-ts/events-outbox';
import { jsonText } from '../records/json-text.js';
import { ageText } from '../terminal/age-text.js';
import type { CliIo } from '../terminal/cli-io.js';
import { lineWriter } from '../terminal/line-writer.js';
import { table } from '../terminal/table.js';
import { writeNote } from '../terminal/write-note.js';
import type { DatabaseOptions } from './database-options.js';
import { openOutbox } from './open-outbox.js';

/** Options of `outbox status`. */
export interface StatusOptions extends DatabaseOptions {
  /** Counting stops at so many events of a topic. */
  readonly countUpTo: number;
  readonly json: boolean;
}

/**
 * Writes what waits in an outbox and which relay publishes it, as a table and notes or as one JSON object.
 *
 * @throws CommandError when no database is named
 * @throws OutboxTablesError when the tables are missing or of another version
 * @throws InfrastructureError when the database cannot be reached
 */
export async function showStatus(options: StatusOptions, io: CliIo): Promise<void> {
  await using outbox = await openOutbox(options, io);
  await outbox.store.checkVersion(outbox.database);
  const status = await outbox.admin.status({ countUpTo: options.countUpTo });
  const output = lineWriter(io);
  const width = (io.stdout as { readonly columns?: number }).columns;
  const { topics } = status;
  const rows = topics.map((topic) => row(topic, options.countUpTo));
  const lines = options.json ? [jsonLine(status)] : rows.length === 0 ? [] : table(head, rows, width);
  for (const line of lines) await output.line(line);
  await output.flush();
  if (options.json) return;
  if (topics.length === 0) writeNote(io.stderr, 'nothing is pending or parked');
  if (status.published > 0)
    writeNote(io.stderr, `published and kept: ${counted(status.published, options.countUpTo)}`);
  writeNote(io.stderr, leaseText(status.lease));
}

const head = ['TOPIC', 'PENDING', 'OLDEST', 'PARKED'];

function row({ topic, pending, oldestAgeMs, parked }: TopicStatus, countUpTo: number): readonly string[] {
  const oldest = oldestAgeMs === undefined ? '-' : ageText(Math.round(oldestAgeMs));
  return [topic, counted(pending, countUpTo), oldest, String(parked)];
}

function counted(count: number, countUpTo: number): string {
  return count >= countUpTo ? `${count} or more` : String(count);
}

function leaseText(lease: OutboxStatus['lease']): string {
  if (lease === undefined) return 'no relay holds the lease';
  const { holder, host, renewedMsAgo } = lease;
  return `relay ${holder} on ${host} holds the lease; it renewed it ${ageText(Math.max(1, Math.round(renewedMsAgo)))} ago`;
}

function jsonLine({ topics, published, lease }: OutboxStatus): string {
  return jsonText({
    topics: topics.map(({ topic, pending, oldestAgeMs, parked }) => ({
      topic,
      pending,
      oldest_age_ms: oldestAgeMs === undefined ? null : Math.round(oldestAgeMs),
      parked,
    })),
    published,
    lease:
      lease === undefined
        ? null
        : {
            holder: lease.holder,
            host: lease.host,
            term: lease.term,
            renewed_ms_ago: Math.round(lease.renewedMsAgo),
          },
  });
}
