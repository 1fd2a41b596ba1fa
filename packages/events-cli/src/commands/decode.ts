import type { Command } from 'commander';
import { addByteOptions, type ByteCommandOptions } from './byte-command.js';
import type { CommandContext } from './command-context.js';

/** `decode` */
export function addDecode(program: Command, { io }: CommandContext): void {
  const command = program
    .command('decode')
    .summary('Avro bytes as text (lines on stdin) to records')
    .description(
      'Reads the Avro bytes of one event a line as text and writes its record as one JSON object a line. ' +
        'Stops at the first line that is refused.',
    );
  addByteOptions(command, 'check and take off the frame of a Confluent registry').action(
    async (options: ByteCommandOptions) => {
      const { decodeLines } = await import('../records/decode-lines.js');
      const { signalWithSchema } = await import('../signals/signal-with-schema.js');
      const signal = await signalWithSchema(options.type);
      await decodeLines(signal, options, io);
    },
  );
}
