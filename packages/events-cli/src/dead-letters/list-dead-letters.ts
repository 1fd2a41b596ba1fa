import {
  type DeadLetterQueue,
  type DeadLetterSummary,
  deadLetterQueue,
  findDeadLetterQueues,
  summarizeDeadLetters,
} from '@openedx-ts/events-core/operate';
import { closing } from '../bus/closing.js';
import { openBus } from '../bus/open-bus.js';
import { openTopics } from '../bus/open-topics.js';
import { jsonText } from '../records/json-text.js';
import type { CliIo } from '../terminal/cli-io.js';
import { lineWriter } from '../terminal/line-writer.js';
import { table } from '../terminal/table.js';
import { writeNote } from '../terminal/write-note.js';
import { conditionsOf, filterOf, noteOtherGroups, type QueueOptions } from './queue-options.js';

/** Options of `dlq list`. */
export interface ListOptions extends QueueOptions {
  readonly json: boolean;
}

/**
 * Writes the number of dead letters of each group of a topic by failure code and event type, as a table or as JSON.
 *
 * @throws CommandError when the bus gives no access to its topics
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function listDeadLetters(options: ListOptions, io: CliIo): Promise<void> {
  const { topic, group, json } = options;
  using bus = await openBus(options.bus, io);
  const { admin, topics } = await openTopics(bus, io);
  await using _admin = closing(admin);
  const queues =
    group === undefined
      ? await findDeadLetterQueues(topics, topic)
      : [deadLetterQueue(topics, { topic, groupId: group })];
  const found: (readonly [DeadLetterQueue, DeadLetterSummary])[] = [];
  for (const queue of queues) {
    io.abortSignal.throwIfAborted();
    const summary = await summarizeDeadLetters(topics, queue, filterOf(options));
    if (summary.count > 0) found.push([queue, summary]);
  }
  const output = lineWriter(io);
  const isLimited =
    group !== undefined || Object.values(conditionsOf(options)).some((value) => value !== undefined);
  if (found.length === 0)
    writeNote(io.stderr, `no dead letters ${isLimited ? 'match on' : 'of'} topic ${topic}`);
  if (found.length === 0) await noteOtherGroups(topics, options, io.stderr);
  const width = (io.stdout as { readonly columns?: number }).columns;
  const rows = found.map(([queue, summary]) => row(queue, summary));
  const lines = json
    ? found.map(([queue, summary]) => jsonLine(queue, summary))
    : rows.length === 0
      ? []
      : table(head, rows, width);
  for (const line of lines) await output.line(line);
  await output.flush();
}

const head = ['TOPIC', 'GROUP', 'COUNT', 'REDRIVEN', 'OLDEST', 'NEWEST', 'CODES', 'TYPES'];

function row({ topic, groupId }: DeadLetterQueue, summary: DeadLetterSummary): readonly string[] {
  const { count, redriven, oldest, newest, codes, eventTypes } = summary;
  const counts = [count, redriven].map(String);
  return [
    topic,
    groupId,
    ...counts,
    timeText(oldest),
    timeText(newest),
    listText(codes),
    listText(eventTypes),
  ];
}

function timeText(ms: number | null): string {
  return ms === null ? '?' : new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function listText(counts: readonly (readonly [string | null, number])[]): string {
  return counts.map(([name, count]) => `${name ?? '?'} (${count})`).join(', ');
}

function jsonLine(queue: DeadLetterQueue, summary: DeadLetterSummary): string {
  const counted = (counts: readonly (readonly [string | null, number])[], name: string) =>
    counts.map(([value, count]) => ({ [name]: value, count }));
  const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return jsonText({
    topic: queue.topic,
    group: queue.groupId,
    count: summary.count,
    redriven: summary.redriven,
    unfit: summary.unfit,
    oldest: time(summary.oldest),
    newest: time(summary.newest),
    codes: counted(summary.codes, 'code'),
    event_types: counted(summary.eventTypes, 'event_type'),
  });
}
