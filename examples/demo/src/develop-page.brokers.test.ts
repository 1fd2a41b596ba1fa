import { connect } from 'node:net';
import { freePort, kafkaClusterOrReason, programsOnPath, redisSentinelOrReason } from '@openedx-ts/brokers';
import { afterEach, describe, expect, it } from 'vitest';
import { commandsOf, runLine, type Terminal } from './page-in-terminals.test-support.js';

const [start = [], services = [], requests = []] = commandsOf('docs/guide/develop.md');
const dev = start.find((line) => line.includes('openedx-events dev')) ?? '';
const reasons = {
  redis: (await redisSentinelOrReason()).reason,
  kafka: (await kafkaClusterOrReason()).reason,
};

const terminals: Terminal[] = [];
afterEach(() => {
  for (const { child } of terminals.splice(0)) child.kill('SIGKILL');
});

const cases = [
  ['redis', 'SIGKILL', null],
  ['kafka', 'SIGTERM', 0],
] as const;
const isFull = process.env.TEST_SIZE === 'short'; // `npm run test:full`

describe.each(isFull ? cases : cases.slice(0, 1))(
  'the page about developing, with --bus %s',
  (bus, signal, code) => {
    const title = `runs both services on servers that dev brings, and they end with it (${signal})`;
    it.skipIf(reasons[bus] !== undefined)(title, { timeout: 240_000 }, async () => {
      await using programs = await programsOnPath(bus);
      const open = (line: string, env: NodeJS.ProcessEnv) => {
        const terminal = runLine(line, { PATH: programs.path, HOME: process.env.HOME, ...env });
        terminals.push(terminal);
        return terminal;
      };
      const command = open(dev.replace('--bus redis', `--bus ${bus}`), {});
      const settings = () =>
        [...command.stderr().matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
      await expect.poll(settings, { timeout: 120_000, message: `what ${dev} prints` }).not.toEqual([]);
      const env = Object.fromEntries(settings());
      expect(env).toMatchObject({ EVENT_BUS: bus });

      const ports = ['8001', '8002'];
      const free = await Promise.all(ports.map(() => freePort()));
      const [preferences, enrolments] = services as [string, string];
      const started = [
        open(preferences, { ...env, PORT: String(free[1]) }),
        open(enrolments, { ...env, PORT: String(free[0]) }),
      ];
      const [enrol = '', look = ''] = requests.map((line) =>
        line.replace(/localhost:(\d+)/, (_all, port) => `localhost:${free[ports.indexOf(port)]}`),
      );
      const answer = async (line: string) => {
        const terminal = open(line, {});
        await terminal.ended;
        return terminal.stdout() || [terminal, ...started].map(({ stderr }) => stderr()).join('\n');
      };
      await expect.poll(() => answer(enrol), { timeout: 120_000 }).toContain('zoe');
      await expect.poll(() => answer(look), { timeout: 120_000 }).toContain('course-v1:edX+DemoX+2026');

      const port = Number(/localhost:(\d+)/.exec(JSON.stringify(env))?.[1]);
      expect(await isListening(port)).toBe(true);
      command.child.kill(signal);
      expect(await command.ended).toBe(code);
      await expect.poll(() => isListening(port)).toBe(false);
    });
  },
);

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => resolve(true));
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy());
  });
}
