import { once } from 'node:events';
import { freePort, type RedisServer, redisOrReason } from '@openedx-ts/brokers';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltCommand, builtCommand, type RunningCommand } from './built-command.test-support.js';
import { line, numbersIn, type } from './numbered-events.test-support.js';

const password = 'top-secret-word';
const redis = await redisOrReason({ password, appendonly: 'always' });

describe.skipIf(redis.reason !== undefined)(redis.titled('the command with a real Redis'), () => {
  let server: RedisServer;
  let client: Redis;
  let command: BuiltCommand;
  let topics = 0;
  let topic = '';
  const nextTopic = () => {
    topics += 1;
    topic = `grades-${topics}`;
  };
  beforeAll(async () => {
    command = await builtCommand('redis');
    server = await redis.start();
    client = new Redis(server.url);
    client.on('error', () => {}); // it goes away and comes back in these tests
  });
  afterAll(async () => {
    client?.disconnect();
    await server?.[Symbol.asyncDispose]();
  });

  const env = () => ({ EVENT_BUS_REDIS_CONNECTION_URL: server.url, EVENTS_SERVICE_NAME: 'lms' });
  const produce = (args: readonly string[] = [], more: Readonly<Record<string, string>> = {}) => {
    const all = ['produce', '--type', type, '--topic', topic, '--key-field', 'grade.user_id', ...args];
    return command.start(all, { ...env(), ...more });
  };
  const consume = (args: readonly string[] = [], more: Readonly<Record<string, string>> = {}) =>
    command.start(['consume', '-t', topic, '-g', 'g', '--from', 'earliest', ...args], { ...env(), ...more });
  const sendAll = async (count: number) => {
    const sending = produce();
    sending.child.stdin.end(Array.from({ length: count }, (_, index) => line(index)).join(''));
    expect(await sending.ended).toBe(0);
    return sending;
  };
  const resultOf = async (running: RunningCommand) => {
    running.child.stdin.end();
    const code = await running.ended;
    return { code, stdout: running.stdout(), stderr: running.stderr() };
  };

  it('carries events from one process to another, in order and exactly', async () => {
    nextTopic();
    const sending = await sendAll(3_000);
    expect(sending.stderr()).toBe(`3,000 events accepted on ${topic}\n`);
    const { code, stdout, stderr } = await resultOf(consume(['--count', '3000']));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(numbersIn(stdout)).toEqual(Array.from({ length: 3_000 }, (_, index) => index));
    expect(JSON.parse(stdout.slice(0, stdout.indexOf('\n')))).toMatchObject({
      event_type: type,
      metadata: { source: 'openedx/lms/web' },
      topic,
      position: expect.stringMatching(/^\d{13}-\d+$/),
    });
    expect(((await client.xpending(topic, 'g')) as [number])[0]).toBe(0);
  });

  it('accepts all that it says when it is interrupted while it sends', async () => {
    nextTopic();
    const sending = produce([], { EVENT_BUS_REDIS_STREAM_MAX_LEN: '0' });
    const { stdin } = sending.child;
    stdin.on('error', () => {}); // it goes in the middle
    let next = 0;
    let isOver = false;
    void sending.ended.then(() => {
      isOver = true;
    });
    const feeding = (async () => {
      while (!isOver) {
        const hasRoom = stdin.write(Array.from({ length: 100 }, () => line(next++)).join(''));
        if (!hasRoom) await Promise.race([once(stdin, 'drain'), sending.ended]);
      }
    })().catch(() => {});
    await expect.poll(() => client.xlen(topic), { timeout: 15_000 }).toBeGreaterThan(2_000);
    sending.child.kill('SIGINT');
    expect(await sending.ended).toBe(130);
    await feeding;
    const [, text = ''] =
      /^([\d,]+) events accepted on .*, interrupted behind line \1\n$/.exec(sending.stderr()) ?? [];
    const accepted = Number(text.replaceAll(',', ''));
    expect(accepted).toBeGreaterThan(2_000);
    const sent = await resultOf(consume(['--count', String(accepted)]));
    const numbers = numbersIn(sent.stdout);
    expect(numbers.at(-1)).toBe(accepted - 1);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 0],
    ['SIGKILL', 'SIGKILL'],
  ] as const)('loses nothing when it ends with %s while it receives', async (signal, code) => {
    nextTopic();
    const count = 4_000;
    await sendAll(count);
    const first = consume();
    await expect
      .poll(() => numbersIn(first.stdout()).length, { timeout: 15_000, interval: 5 })
      .toBeGreaterThan(100);
    first.child.kill(signal);
    expect(await first.ended).toBe(code);
    const before = numbersIn(first.stdout());
    expect(before.length).toBeLessThan(count);
    // What the dead one held is taken over at once.
    const second = consume(['--extra', '{"claimIdleMs": 1, "claimEveryMs": 50}']);
    const seen = () => new Set([...before, ...numbersIn(second.stdout())]).size;
    await expect.poll(seen, { timeout: 15_000 }).toBe(count);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    const doubled = before.length + numbersIn(second.stdout()).length - count;
    expect(doubled).toBeLessThanOrEqual(signal === 'SIGKILL' ? 100 : 1);
  });

  it('leaves what was not written when its reader goes', async () => {
    nextTopic();
    await sendAll(3_000);
    const first = consume();
    await once(first.child.stdout, 'data');
    first.child.stdout.destroy();
    expect(await first.ended).toBe(0);
    expect(first.stderr()).toBe('');
    const rest = consume(['--extra', '{"claimIdleMs": 1, "claimEveryMs": 50}']);
    await expect.poll(() => numbersIn(rest.stdout()).at(-1), { timeout: 15_000 }).toBe(2_999);
    rest.child.kill('SIGTERM');
    await rest.ended;
    const [from = -1, ...others] = numbersIn(rest.stdout());
    expect(from).toBeGreaterThan(0);
    expect(others).toEqual(Array.from({ length: 2_999 - from }, (_, index) => from + 1 + index));
  });

  it('waits out a restart of Redis and says so', async () => {
    nextTopic();
    await sendAll(1);
    const receiving = consume(['--count', '3']);
    const sending = produce();
    await expect.poll(() => numbersIn(receiving.stdout()), { timeout: 15_000 }).toEqual([0]);
    sending.child.stdin.write(line(1));
    await expect.poll(() => numbersIn(receiving.stdout()), { timeout: 15_000 }).toEqual([0, 1]);
    await server.kill();
    sending.child.stdin.end(line(2));
    await expect.poll(() => receiving.stderr(), { timeout: 15_000 }).toContain('warning: the broker is away');
    await expect
      .poll(() => sending.stderr(), { timeout: 15_000 })
      .toContain('warning: the broker does not take events');
    await server.start();
    expect(await sending.ended).toBe(0);
    expect(await receiving.ended).toBe(0);
    expect(numbersIn(receiving.stdout())).toEqual([0, 1, 2]);
    expect(receiving.stderr() + sending.stderr()).not.toContain(password);
  });

  it('stops at broken JSON on line 3', async () => {
    nextTopic();
    const sending = produce();
    sending.child.stdin.write(`${line(0)}${line(1)}{"data": top-secret-word}\n${line(3)}`); // and it stays open
    expect(await sending.ended).toBe(1);
    expect(sending.stderr()).toBe(
      `2 events accepted on ${topic}\nerror: line 3: no valid JSON (at character 9) [CLI_INPUT]\n`,
    );
    expect(await client.xlen(topic)).toBe(2);
  });

  it('skips an unknown type with a warning, or does what it is told', async () => {
    nextTopic();
    const id = '6b5f2c7e-89a7-11ee-b9d1-0242ac120002';
    await client.xadd(topic, '*', 'type', 'com.example.other.v1', 'id', id, 'event_data', 'a');
    await sendAll(1);
    const { code, stdout, stderr } = await resultOf(consume(['--count', '1']));
    expect({ code, numbers: numbersIn(stdout) }).toEqual({ code: 0, numbers: [0] });
    expect(stderr).toMatch(
      /^warning: events of a type that is not loaded here are skipped .*com\.example\.other\.v1/,
    );
  });

  it('takes the options of the Python command', async () => {
    nextTopic();
    await sendAll(2);
    const extra = '{"consumer_name": "one", "check_backlog": true}';
    const { code, stdout } = await resultOf(
      command.start(['consume', '-t', topic, '-g', 'g', '--count', '2', '--extra', extra], env()),
    );
    expect({ code, numbers: numbersIn(stdout) }).toEqual({ code: 0, numbers: [0, 1] });
    expect(await resultOf(consume(['--extra', '{"consumer_nam": "one"}']))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean'),
    });
  });

  describe('where Redis is not as it should be', () => {
    const each =
      (more: () => Promise<Readonly<Record<string, string>>>, expected: readonly number[], text: RegExp) =>
      async () => {
        nextTopic();
        const settings = await more();
        const wait = ['--wait', '300', '--debug'];
        const operator = ['-t', topic, '--debug'];
        const runs = [
          produce(wait, settings),
          consume(wait, settings),
          command.start(['lag', ...operator], { ...env(), ...settings }),
          command.start(['doctor', ...operator], { ...env(), ...settings }),
        ];
        runs[0]?.child.stdin.end(line(0));
        const results = await Promise.all(runs.map(resultOf));
        for (const { stdout, stderr } of results) {
          expect(stdout + stderr).toMatch(text);
          expect(stdout + stderr).not.toContain(password);
          expect(stdout + stderr).not.toContain('wrong-word');
        }
        expect(results.map(({ code }) => code)).toEqual(expected);
      };
    const at = (url: string) => ({ EVENT_BUS_REDIS_CONNECTION_URL: url });

    it(
      'ends with 3 when it is not there',
      each(
        async () => at(`redis://:wrong-word@127.0.0.1:${await freePort()}`),
        [3, 3, 3, 3],
        /cannot be reached/,
      ),
    );
    it(
      'ends with 1 when the password is wrong, and never shows it',
      each(
        async () => at(server.url.replace(password, 'wrong-word')),
        [1, 1, 1, 1],
        /refuses the (?:user|password)/,
      ),
    );
    it(
      'ends with 2, or 1 for the doctor, when the URL is none',
      each(async () => at('redis://:wrong-word@host:port'), [2, 2, 2, 1], /cannot be read as a URL/),
    );
    it(
      'ends with 1, or 2 for lag, when the key is no stream',
      each(
        async () => {
          await client.set(topic, 'text');
          return {};
        },
        [1, 1, 2, 1],
        /WRONGTYPE|no stream/,
      ),
    );
    it('does not wait for a Redis that is frozen', async () => {
      nextTopic();
      await server.freeze();
      try {
        const frozen = /is not ready after 300 ms/;
        const receiving = await resultOf(consume(['--wait', '300']));
        expect(receiving).toMatchObject({ code: 3, stderr: expect.stringMatching(frozen) });
      } finally {
        await server.unfreeze();
      }
    });
  });

  it('shows an operator how far groups are behind, and what is wrong', async () => {
    nextTopic();
    await sendAll(3);
    await resultOf(consume(['--count', '1']));
    const lag = await resultOf(command.start(['lag', '-t', topic, '--json'], env()));
    expect(lag).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(lag.stdout)).toMatchObject({ topic, group: 'g', lane: topic, length: 3 });
    await client.xadd(`${topic}.g.dlq`, '*', 'a', 'b');
    const doctor = await resultOf(command.start(['doctor', '-t', topic], env()));
    expect(doctor).toMatchObject({ code: 0, stderr: '' });
    expect(doctor.stdout).toContain(`ok       topic ${topic}: events: 3, groups: 1`);
    expect(doctor.stdout).toContain(`warning  dead letters ${topic}.g.dlq: events given up: 1`);
    expect(doctor.stdout).not.toContain(password);
  });

  describe('dlq', () => {
    const full = async (stream: string) =>
      (await client.xrangeBuffer(stream, '-', '+')) as readonly (readonly [Buffer, readonly Buffer[]])[];
    const idOf = (fields: readonly Buffer[]) =>
      String(fields[fields.findIndex((part) => part.equals(Buffer.from('id'))) + 1]);
    const buryAll = async () => {
      for (const [position, fields] of await full(topic)) {
        const facts = {
          ...{ 'dlq-code': 'RECEIVER_FAILED', 'dlq-message': 'Error: broken', 'dlq-attempts': '3' },
          ...{
            'dlq-first-failure': '2026-01-02T03:04:05.000Z',
            'dlq-last-failure': '2026-01-02T03:04:06.000Z',
          },
          ...{ 'dlq-source': `${topic}@${position}`, 'dlq-group': 'g' },
        };
        await client.xadd(`${topic}.g.dlq`, '*', ...fields, ...Object.entries(facts).flat());
      }
    };
    const dlq = (...args: readonly string[]) =>
      command.start(['dlq', ...args, '-t', topic], { ...env(), EVENT_BUS_REDIS_STREAM_MAX_LEN: '0' });

    it('loses nothing when it is killed in the middle, and ends in order', async () => {
      nextTopic();
      await sendAll(300);
      await buryAll();
      const killed = dlq('redrive', '--all', '--rate', '500');
      await expect.poll(killed.stderr, { timeout: 10_000 }).toContain('a dead letter was sent again');
      killed.child.kill('SIGKILL');
      expect(await killed.ended).toBe('SIGKILL');
      const sentBefore = (await client.xlen(topic)) - 300;
      expect(sentBefore).toBeLessThan(300);
      const { code, stderr } = await resultOf(dlq('redrive', '--all'));
      expect(code).toBe(0);
      expect(stderr).toMatch(/ dead letters of group g were sent again to grades-\d+\n$/);
      expect(await resultOf(dlq('list'))).toMatchObject({
        code: 0,
        stdout: '',
        stderr: `no dead letters of topic ${topic}\n`,
      });
      const entries = (await full(topic)).map(([, fields]) => idOf(fields));
      const original = entries.slice(0, 300);
      expect(new Set(entries.slice(300))).toEqual(new Set(original));
      const lastRun = entries.slice(300 + sentBefore);
      expect(lastRun).toEqual(original.slice(-lastRun.length));
    });

    it('shows a dead letter with its data masked, and an event is consumed after its redrive', async () => {
      nextTopic();
      await sendAll(2);
      await buryAll();
      const { stdout } = await resultOf(dlq('show', '--payload', '--limit', '1'));
      expect(JSON.parse(stdout)).toMatchObject({
        event_type: type,
        code: 'RECEIVER_FAILED',
        data: { grade: { user_id: '***', percent_grade: 0.5 } },
        headers: expect.arrayContaining([['event_key', '***']]),
      });
      expect(await dlq('redrive', '--position', JSON.parse(stdout).position).ended).toBe(0);
      const consumed = await resultOf(consume(['--count', '3']));
      expect(numbersIn(consumed.stdout)).toEqual([0, 1, 0]);
      const replayed = command.start(['replay', '-t', topic, '-g', 'g', '--from', 'earliest'], env());
      expect(await resultOf(replayed)).toMatchObject({
        code: 0,
        stderr: `group g gets 3 events of topic ${topic} again: ${type} (3)\n`,
      });
      expect(numbersIn((await resultOf(consume(['--count', '3']))).stdout)).toEqual([0, 1, 0]);
      expect(await dlq('purge', '--all', '--yes').ended).toBe(0);
      expect(await client.xlen(`${topic}.g.dlq`)).toBe(0);
    });
  });
});
