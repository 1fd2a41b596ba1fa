import { InvalidOptionsError } from '@openedx-ts/events-core';
import { type ReplayOptions, type ReplayReport, replayGroup } from '@openedx-ts/events-core/operate';
import { closing } from '../bus/closing.js';
import { openBus } from '../bus/open-bus.js';
import { openTopics } from '../bus/open-topics.js';
import { startPosition } from '../bus/start-position.js';
import { jsonText } from '../records/json-text.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter } from '../terminal/line-writer.js';
import { table } from '../terminal/table.js';
import { whileRead } from '../terminal/while-read.js';
import { writeNote } from '../terminal/write-note.js';

/** Options of `replay`. */
export interface ReplayCommandOptions {
  readonly bus?: string;
  readonly topic: string;
  readonly group: string;
  /** `earliest`, an ISO time, a position or the id of an event. */
  readonly from: string;
  readonly create: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/**
 * Sets a group back to an earlier position, or creates one there, and writes what it will receive.
 *
 * @throws CommandError when the bus gives no access to its topics
 * @throws IllegalStateError while the group has active members
 * @throws InvalidOptionsError when the group, position or event does not exist
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function replay(options: ReplayCommandOptions, io: CliIo): Promise<void> {
  const { topic, group: groupId, create, dryRun } = options;
  const from = startOf(options.from);
  using bus = await openBus(options.bus, io);
  const { admin, topics } = await openTopics(bus, io);
  await using _admin = closing(admin);
  const { abortSignal } = io;
  const report = await replayGroup(topics, { topic, groupId, from, create, dryRun, abortSignal }).catch(
    (cause: unknown) => {
      if (create || !isAboutGroup(cause)) throw cause;
      const cure = 'lag lists the groups, --create makes a new one';
      throw new CommandError('CLI_USAGE', `there is no group ${groupId} on topic ${topic}: ${cure}`, {
        cause,
      });
    },
  );
  const output = lineWriter(io);
  const lines = options.json ? [json(options, report)] : table(head, rowsOf(report));
  await whileRead(async () => {
    for (const line of lines) await output.line(line);
    await output.flush();
  });
  if (!options.json) writeNote(io.stderr, summary(options, report));
}

function isAboutGroup(error: unknown): boolean {
  return error instanceof InvalidOptionsError && error.issues.some(({ path }) => path === 'groupId');
}

function startOf(text: string): ReplayOptions['from'] {
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)) return { eventId: text };
  const from = startPosition(text);
  if (typeof from === 'object' || from === 'earliest') return from;
  throw new CommandError(
    'CLI_USAGE',
    `--from ${text}: replay sets a group back; expected earliest, an ISO time, a position or the id of an event`,
  );
}

const head = ['LANE', 'FROM', 'EVENTS', 'GROUP'];

function rowsOf({ lanes, isDryRun }: ReplayReport): readonly (readonly string[])[] {
  const moved = isDryRun ? 'would be set back' : 'set back';
  return lanes.map(({ lane, position, events, isMoved }) => [
    lane,
    position,
    String(events),
    isMoved ? moved : 'unchanged: the group is not behind it yet',
  ]);
}

function summary({ group, topic }: ReplayCommandOptions, report: ReplayReport): string {
  const { events, isDryRun, isNewGroup, eventTypes } = report;
  const count = `${events.toLocaleString('en-US')} ${events === 1 ? 'event' : 'events'}`;
  const types = eventTypes.map(([type, number]) => `${type ?? '?'} (${number})`).join(', ');
  const groupText = `${isNewGroup ? 'the new group' : 'group'} ${group}`;
  const sentence = `${groupText} ${isDryRun ? 'would receive' : 'receives'} ${count} of topic ${topic}`;
  return `${sentence}${isNewGroup ? '' : ' again'}${types === '' ? '' : `: ${types}`}`;
}

function json({ topic, group }: ReplayCommandOptions, report: ReplayReport): string {
  return jsonText({
    topic,
    group,
    new_group: report.isNewGroup,
    dry_run: report.isDryRun,
    events: report.events,
    event_types: report.eventTypes.map(([type, count]) => ({ event_type: type, count })),
    lanes: report.lanes.map(({ lane, position, events, isMoved }) => ({
      lane,
      position,
      events,
      moved: isMoved,
    })),
  });
}
