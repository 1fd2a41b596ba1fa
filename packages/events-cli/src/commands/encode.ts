import type { Command } from 'commander';
import { addByteOptions, type ByteCommandOptions } from './byte-command.js';
import type { CommandContext } from './command-context.js';

/** `encode` */
export function addEncode(program: Command, { io }: CommandContext): void {
  const command = program
    .command('encode')
    .summary('records (JSON lines on stdin) to Avro bytes as text')
    .description(
      'Reads the record of one event a line, a JSON object, and writes its Avro bytes as one text a line. ' +
        'Stops at the first line that is refused.',
    );
  addByteOptions(command, 'put the frame of a Confluent registry around the bytes').action(
    async (options: ByteCommandOptions) => {
      const { encodeLines } = await import('../records/encode-lines.js');
      const { signalWithSchema } = await import('../signals/signal-with-schema.js');
      const signal = await signalWithSchema(options.type);
      await encodeLines(signal, options, io);
    },
  );
}
