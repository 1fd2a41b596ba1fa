import type { RedrivenEntry } from '@openedx-ts/events-outbox';
import { jsonText } from '../records/json-text.js';
import type { CliIo } from '../terminal/cli-io.js';
import { lineWriter } from '../terminal/line-writer.js';
import { logToStderr } from '../terminal/log-to-stderr.js';
import { mustSelect } from '../terminal/must-select.js';
import { whileRead } from '../terminal/while-read.js';
import { writeNote } from '../terminal/write-note.js';
import { openOutbox } from './open-outbox.js';
import { parkedCount } from './parked-count.js';
import { type ParkedSelectionOptions, parkedConditionsOf, parkedFilterOf } from './parked-options.js';

/** Options of `outbox redrive`. */
export interface RedriveParkedOptions extends ParkedSelectionOptions {
  readonly inPlace: boolean;
}

/**
 * Makes parked events pending again. Writes a line to stderr for each, and for the first hundred what they now come after,
 * as JSON.
 *
 * @throws CommandError when no database is named
 * @throws InvalidOptionsError when nothing is selected
 * @throws OutboxTablesError when the tables are missing or of another version
 * @throws InfrastructureError when the database cannot be reached
 */
export async function redriveParked(options: RedriveParkedOptions, io: CliIo): Promise<void> {
  const { all, dryRun, inPlace } = options;
  const { abortSignal, stderr } = io;
  mustSelect('outbox redrive', all, parkedConditionsOf(options));
  using _logging = logToStderr(io, { level: 'info' });
  await using outbox = await openOutbox(options, io);
  const selection = { ...parkedFilterOf(options), all, dryRun, inPlace, abortSignal };
  const { redriven, stayed, entries } = await outbox.admin.redrive(selection);
  const output = lineWriter(io);
  await whileRead(async () => {
    for (const entry of entries) await output.line(redrivenLine(entry));
    await output.flush();
  });
  writeNote(stderr, `${parkedCount(redriven, dryRun)} made pending again`);
  if (stayed > 0)
    writeNote(
      stderr,
      `${stayed} stay parked, because other events have their positions: redrive them without --in-place`,
    );
  if (redriven > entries.length && !dryRun && !inPlace)
    writeNote(stderr, `the lines on stdout are the first ${entries.length} of them`);
  abortSignal.throwIfAborted();
}

function redrivenLine(entry: RedrivenEntry): string {
  return jsonText({
    topic: entry.topic,
    event_type: entry.eventType,
    event_id: entry.eventId,
    parked_position: String(entry.parkedPosition),
    position: String(entry.position),
    pending_ahead: entry.pendingAhead,
    published_ahead: entry.publishedAhead,
    parked_before: entry.parkedBefore,
  });
}
