import { catalogNames } from '../catalog/catalog-names.js';
import { definitionOf } from '../definitions/definition-of.js';
import { constantName, type NamedEvent } from '../definitions/named-event.js';
import { pythonLosses } from '../python/python-losses.js';
import { pythonModule } from '../python/python-module.js';
import { selectSignals } from '../schemas/select-signals.js';
import type { SignalNames } from '../signals/require-modules.js';
import type { CliIo } from '../terminal/cli-io.js';
import { lineWriter } from '../terminal/line-writer.js';
import { writeNote } from '../terminal/write-note.js';

/**
 * Writes a Python module with the data classes and signals of events, and notes what Python cannot carry.
 *
 * @throws CommandError when a type is unknown or local-only, or two events mean different records by one name
 */
export async function exportPython(types: readonly string[], names: SignalNames, io: CliIo): Promise<void> {
  const signals = await selectSignals(types);
  const known = new Map([...(await catalogNames()), ...names]);
  const events = signals.map((signal): NamedEvent => {
    const { eventType, minorVersion, about } = signal;
    const name = known.get(eventType) ?? constantName(eventType);
    return { name, eventType, minorVersion, doc: about.doc, definition: definitionOf(signal) };
  });
  const output = lineWriter(io);
  for (const line of pythonModule(events).trimEnd().split('\n')) await output.line(line);
  await output.flush();
  for (const event of events)
    for (const loss of pythonLosses(event)) writeNote(io.stderr, `warning: ${event.eventType}: ${loss}`);
}
