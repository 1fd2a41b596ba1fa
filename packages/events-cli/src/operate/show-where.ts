import { DateTime } from '@openedx-ts/events-core';
import {
  type DeadLetter,
  type EventFate,
  type EventPlace,
  type EventSearch,
  type EventWhereabouts,
  findEvent,
} from '@openedx-ts/events-core/operate';
import { closing } from '../bus/closing.js';
import { openBus } from '../bus/open-bus.js';
import { openTopics } from '../bus/open-topics.js';
import { jsonText } from '../records/json-text.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter } from '../terminal/line-writer.js';
import { table } from '../terminal/table.js';
import { writeNote } from '../terminal/write-note.js';

/** Options of `where`. */
export interface WhereCommandOptions {
  readonly id: string;
  readonly bus?: string;
  readonly topic?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
  /** `topic@position` */
  readonly after?: string;
  readonly json: boolean;
}

/**
 * Writes where an event is, and what became of it in every group, as a table or as JSON.
 *
 * @throws CommandError when the event is not found, or the bus gives no access to its topics
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function showWhere(options: WhereCommandOptions, io: CliIo): Promise<void> {
  const search = searchOf(options, io);
  using bus = await openBus(options.bus, io);
  const { admin, topics } = await openTopics(bus, io);
  await using _admin = closing(admin);
  const found = await findEvent(topics, search);
  const output = lineWriter(io);
  const rows = [...found.places.flatMap(rowsOf), ...found.strayDeadLetters.map(strayRow)];
  const jsonLines = () =>
    [...found.places.map(placeJson), ...found.strayDeadLetters.map(strayJson)].map(jsonText);
  for (const line of options.json ? jsonLines() : rows.length === 0 ? [] : table(head, rows, widthOf(io)))
    await output.line(line);
  await output.flush();
  noteEnd(found, io);
  if (rows.length === 0) throw notFound(options.id, found);
}

function searchOf({ id, topic, since, until, limit, after }: WhereCommandOptions, io: CliIo): EventSearch {
  let reported = 0;
  return {
    eventId: id,
    ...(topic === undefined ? {} : { topics: topic }),
    ...(since === undefined ? {} : { since: timeIn('--since', since) }),
    ...(until === undefined ? {} : { until: timeIn('--until', until) }),
    ...(limit === undefined ? {} : { maxMessages: limit }),
    ...(after === undefined ? {} : { after: placeIn(after) }),
    abortSignal: io.abortSignal,
    onProgress: (messages) => {
      if (messages < reported + PROGRESS) return;
      reported = messages;
      writeNote(io.stderr, `${count(messages)} looked at`);
    },
  };
}

const PROGRESS = 100_000;

function timeIn(option: string, text: string): number {
  try {
    const time = DateTime.from(text);
    if (!time.isNaive) return time.toDate().getTime();
  } catch {
    // reported below
  }
  throw new CommandError(
    'CLI_USAGE',
    `${option} ${text}: expected a time with an offset, such as 2026-01-31T12:00:00Z`,
  );
}

function placeIn(text: string): { readonly topic: string; readonly position: string } {
  const at = text.lastIndexOf('@');
  if (at > 0 && at < text.length - 1) return { topic: text.slice(0, at), position: text.slice(at + 1) };
  throw new CommandError('CLI_USAGE', `--after ${text}: expected topic@position, as where prints it`);
}

const head = ['TOPIC', 'POSITION', 'STORED', 'TYPE', 'GROUP', 'STATE'];

function rowsOf(place: EventPlace): readonly (readonly string[])[] {
  const { topic, position, storedAt, eventType, fates } = place;
  const start = [topic, position, timeText(storedAt), eventType ?? '?'];
  return fates.length === 0
    ? [[...start, '-', 'no group reads this topic']]
    : fates.map((fate) => [...start, fate.groupId, stateText(fate)]);
}

function stateText({ state, deliveries, deadLetter }: EventFate): string {
  if (deadLetter !== undefined) return deadLetterText(deadLetter);
  const times = deliveries === null || deliveries === 0 ? '' : `, delivered ${deliveries} ×`;
  return `${states[state]}${times}`;
}

const states: Readonly<Record<EventFate['state'], string>> = {
  handled: 'handled',
  passed: 'passed: the position of the group lies behind it',
  'in flight': 'in flight',
  waiting: 'waiting',
};

function deadLetterText({ facts, position }: DeadLetter): string {
  return `dead letter ${position}: ${facts?.code ?? 'no reason given'} after ${facts?.attempts ?? '?'} attempts`;
}

function strayRow(deadLetter: DeadLetter): readonly string[] {
  const { facts, storedAt, eventType } = deadLetter;
  const [topic, position] = sourceIn(deadLetter);
  const group = facts?.groupId ?? '?';
  return [topic, position, timeText(storedAt), eventType ?? '?', group, deadLetterText(deadLetter)];
}

function sourceIn({ facts }: DeadLetter): readonly [fullTopic: string, position: string] {
  const source = facts?.source ?? '';
  const at = source.lastIndexOf('@');
  return [source.slice(0, Math.max(0, at)), source.slice(at + 1)];
}

function placeJson({ topic, position, storedAt, eventType, fates }: EventPlace) {
  return {
    topic,
    position,
    stored_at: storedAt === null ? null : new Date(storedAt).toISOString(),
    event_type: eventType,
    groups: fates.map(({ groupId, state, deliveries, deadLetter }) => ({
      group: groupId,
      state: deadLetter === undefined ? state : 'dead-lettered',
      deliveries,
      ...(deadLetter === undefined ? {} : { dead_letter: deadLetterJson(deadLetter) }),
    })),
  };
}

function strayJson(deadLetter: DeadLetter) {
  const group = deadLetter.facts?.groupId ?? null;
  const own = { group, state: 'dead-lettered', deliveries: null, dead_letter: deadLetterJson(deadLetter) };
  const [topic, position] = sourceIn(deadLetter);
  return { topic, position, stored_at: null, event_type: deadLetter.eventType, groups: [own] };
}

function deadLetterJson({ position, facts }: DeadLetter) {
  return { position, code: facts?.code ?? null, attempts: facts?.attempts ?? null };
}

function noteEnd({ stoppedAt, messages }: EventWhereabouts, io: CliIo): void {
  if (stoppedAt === undefined) return;
  const { topic, position } = stoppedAt;
  writeNote(io.stderr, `stopped after ${count(messages)} (--limit); go on with --after ${topic}@${position}`);
}

function notFound(id: string, { topics, messages, stoppedAt }: EventWhereabouts): CommandError {
  const where = `${count(messages)} of ${topics.length === 1 ? `topic ${topics[0]}` : `${topics.length} topics`}`;
  const cure =
    stoppedAt === undefined
      ? 'it was sent at another time (--since), to another bus or topic, or the broker has deleted it'
      : 'the search stopped before the end';
  return new CommandError('CLI_NOT_FOUND', `no event ${id} among ${where}: ${cure}`);
}

function count(messages: number): string {
  return `${messages.toLocaleString('en-US')} ${messages === 1 ? 'event' : 'events'}`;
}

function timeText(ms: number | null): string {
  return ms === null ? '?' : new Date(ms).toISOString();
}

function widthOf(io: CliIo): number | undefined {
  return (io.stdout as { readonly columns?: number }).columns;
}
