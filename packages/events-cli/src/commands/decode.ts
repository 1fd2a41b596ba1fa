import type { Command } from 'commander';
import { addByteOptions, type ByteCommandOptions } from './byte-options.js';
import type { CommandContext } from './command-context.js';

/** Adds the command `decode`. */
export function addDecode(program: Command, { io }: CommandContext): void {
  const command = program
    .command('decode')
    .summary('Avro bytes as text (lines on stdin) to records')
    .description(
      'Reads the Avro bytes of one event a line, written as text, and writes its record as one JSON object a line. ' +
        'Stops at the first invalid line.',
    );
  addByteOptions(
    command,
    'schema id to expect in the Confluent frame around the bytes, which is removed',
  ).action(async (options: ByteCommandOptions) => {
    const { decodeLines } = await import('../records/decode-lines.js');
    const { signalWithSchema } = await import('../signals/signal-with-schema.js');
    const signal = await signalWithSchema(options.type);
    await decodeLines(signal, options, io);
  });
}
