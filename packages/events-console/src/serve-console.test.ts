import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { consoleWorld } from './console-world.test-support.js';
import { serveConsole } from './serve-console.js';

async function served() {
  const { admin } = await consoleWorld();
  return serveConsole({ admin, who: 'ada' });
}

/** Sends a request as it is, without what a client would tidy up; gives the head of the answer. */
async function answerTo(target: string, port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.write(`GET ${target} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [string];
  socket.destroy();
  return answer;
}

describe('serveConsole', () => {
  it.each(['//', 'http://', '//[', '*', '/%00', '/%zz'])(
    'answers a request for %s and goes on',
    async (target) => {
      await using console = await served();
      expect(await answerTo(target, console.port)).toMatch(/^HTTP\/1\.1 (?:200|400|403|404) /);
      expect((await fetch(console.url, { redirect: 'manual' })).status).toBe(303);
    },
  );

  it.each(['/.//example.org/?token=x', '///example.org/?token=x', '/\\example.org/?token=x'])(
    'sends a browser to no other host: %s',
    async (target) => {
      await using console = await served();
      const [, location = '/'] = /^location: (.*)$/m.exec(await answerTo(target, console.port)) ?? [];
      expect(new URL(location.trim(), console.url).port).toBe(String(console.port));
    },
  );
});
