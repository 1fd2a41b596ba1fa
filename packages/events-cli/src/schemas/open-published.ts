import { resolve } from 'node:path';
import { schemaFileName } from '@openedx-ts/events-avro';
import { definitionsFileName, parseDefinitions } from '../definitions/definitions-file.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { listFolder, readFileIfPresent } from './file-access.js';
import { gitFiles } from './git-files.js';
import { publishedInRegistry } from './published-in-registry.js';
import type { PublishedSchemas, SchemaFiles } from './published-schemas.js';

/**
 * Opens the schemas that `--against` names: `git:REF` or `git:REF:FOLDER`, the URL of a schema registry, or a folder.
 *
 * @throws CommandError when there is no such place, or it cannot be read
 */
export async function openPublished(against: string, io: CliIo): Promise<PublishedSchemas> {
  if (against.startsWith('git:')) return publishedFiles(await gitFiles(against, io));
  if (/^https?:\/\//.test(against)) {
    if (URL.canParse(against)) return publishedInRegistry(against, io);
    throw new CommandError(
      'CLI_USAGE',
      '--against: it is no URL of a schema registry, such as https://HOST:8081',
    );
  }
  const folder = resolve(io.cwd, against);
  return publishedFiles({
    label: against,
    isWorkingCopy: true,
    names: await listFolder(folder),
    read: (name) => readFileIfPresent(resolve(folder, name)),
  });
}

async function publishedFiles(files: SchemaFiles): Promise<PublishedSchemas> {
  const { label, isWorkingCopy, names } = files;
  const text = names.includes(definitionsFileName) ? await files.read(definitionsFileName) : undefined;
  const definitions =
    text === undefined ? undefined : parseDefinitions(`${label}/${definitionsFileName}`, text);
  return {
    label,
    isWorkingCopy,
    definitions,
    files: names.filter((name) => name.endsWith('.avsc')),
    textOf: (name) => files.read(name),
    eventsOf: async (eventType) => {
      const name = schemaFileName(eventType);
      const schema = names.includes(name) ? await files.read(name) : undefined;
      return schema === undefined
        ? []
        : [{ label: name, text: schema, definition: definitions?.get(eventType) }];
    },
  };
}
