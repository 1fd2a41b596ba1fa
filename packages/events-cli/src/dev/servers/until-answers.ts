import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Resolves once a server on 127.0.0.1 answers a request of its protocol with at least one byte. Asks ten times a second.
 *
 * @throws the reason of the signal when it fires
 */
export async function untilAnswers(
  port: number,
  request: Uint8Array,
  abortSignal: AbortSignal,
): Promise<void> {
  while (!(await answers(port, request))) await sleep(100, undefined, { signal: abortSignal });
}

function answers(port: number, request: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 2_000 });
    const end = (isAnswer: boolean) => {
      socket.destroy();
      resolve(isAnswer);
    };
    socket.once('connect', () => socket.write(request));
    socket.once('data', () => end(true));
    for (const event of ['error', 'timeout', 'close']) socket.once(event, () => end(false));
  });
}
