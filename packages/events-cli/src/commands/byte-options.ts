import { type Command, InvalidArgumentError, Option } from 'commander';
import { byteFormats } from '../records/byte-text.js';
import type { ByteOptions } from '../records/encode-lines.js';

/** Options of `encode` and `decode`. */
export interface ByteCommandOptions extends ByteOptions {
  readonly type: string;
}

/** Adds the options that `encode` and `decode` share. `aboutFrame` is the help text of `--frame`. */
export function addByteOptions(command: Command, aboutFrame: string): Command {
  return command
    .requiredOption('--type <type>', 'the event type')
    .addOption(
      new Option('--format <format>', 'how the bytes are written as text')
        .choices(byteFormats)
        .makeOptionMandatory(),
    )
    .option('--frame <id>', aboutFrame, schemaId);
}

function schemaId(text: string): number {
  const id = Number(text);
  if (/^\d+$/.test(text) && id <= 0xffff_ffff) return id;
  throw new InvalidArgumentError('A schema id is an integer from 0 to 4294967295.');
}
