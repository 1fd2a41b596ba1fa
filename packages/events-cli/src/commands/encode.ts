import type { Command } from 'commander';
import { addByteOptions, type ByteCommandOptions } from './byte-options.js';
import type { CommandContext } from './command-context.js';

/** Adds the command `encode`. */
export function addEncode(program: Command, { io }: CommandContext): void {
  const command = program
    .command('encode')
    .summary('records (JSON lines on stdin) to Avro bytes as text')
    .description(
      'Reads the record of one event a line, a JSON object, and writes its Avro bytes as one text a line. ' +
        'Stops at the first invalid line.',
    );
  addByteOptions(command, 'schema id to write in a Confluent frame around the bytes').action(
    async (options: ByteCommandOptions) => {
      const { encodeLines } = await import('../records/encode-lines.js');
      const { signalWithSchema } = await import('../signals/signal-with-schema.js');
      const signal = await signalWithSchema(options.type);
      await encodeLines(signal, options, io);
    },
  );
}
