import type { Socket } from 'node:net';
import { NoPongError } from './no-pong-error.js';

/**
 * Sends commands over a connection and reads as many simple replies, then closes it.
 * @throws {NoPongError} for an error reply, a broken connection, or silence
 */
export function askRedis(
  where: string,
  socket: Socket,
  commands: readonly (readonly string[])[],
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: NoPongError) => {
      clearTimeout(timer);
      socket.destroy();
      if (error) reject(error);
      else resolve();
    };
    const timer = setTimeout(() => end(new NoPongError(where, `no PONG within ${timeoutMs} ms`)), timeoutMs);
    let answer = '';
    socket.on('error', (cause) => end(new NoPongError(where, cause.message, { cause })));
    socket.on('close', () => end(new NoPongError(where, 'closed the connection without a PONG')));
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
      const replies = answer.split('\r\n').slice(0, -1);
      const refusal = replies.find((reply) => !reply.startsWith('+'));
      if (refusal !== undefined) end(new NoPongError(where, `answers ${refusal}`, { reply: refusal }));
      else if (replies.length === commands.length) end();
    });
    socket.write(commands.map(encoded).join(''));
  });
}

function encoded(command: readonly string[]): string {
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}
