import { resolve } from 'node:path';
import { pythonEvents } from '../python/python-events.js';
import { fileError, readFileIfPresent } from '../schemas/file-access.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { lineWriter } from '../terminal/line-writer.js';
import { typeScriptModule } from '../typescript/typescript-module.js';

/**
 * Writes a TypeScript module with the events of Python modules, which are read and never run.
 *
 * @param types only these event types; all without
 * @throws CommandError when a file cannot be read, defines none of the events, or has what no definition can express
 */
export async function importPython(
  files: readonly string[],
  types: readonly string[] | undefined,
  io: CliIo,
): Promise<void> {
  const texts: string[] = [];
  for (const file of files) {
    const text = await readFileIfPresent(resolve(io.cwd, file));
    if (text === undefined) throw fileError(file, Object.assign(new Error(), { code: 'ENOENT' }));
    texts.push(text);
  }
  const events = pythonEvents(texts, types);
  if (events.length === 0)
    throw new CommandError(
      'CLI_UNKNOWN_NAME',
      `${files.join(', ')}: no such OpenEdxPublicSignal is defined here`,
    );
  const output = lineWriter(io);
  for (const line of typeScriptModule(events).trimEnd().split('\n')) await output.line(line);
  await output.flush();
}
