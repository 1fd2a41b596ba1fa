import { once } from 'node:events';
import { freePort, type RedisServer, redisOrReason } from '@openedx-ts/brokers';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandBench, endOf, patient, upTo } from './command-bench.test-support.js';
import { line, numbersIn, type } from './numbered-events.test-support.js';
import { redriveAmongKills, redrivesAmongKills } from './redrive-among-kills.test-support.js';

const password = 'top-secret-word';
const redis = await redisOrReason({ password, appendonly: 'always' });

describe.skipIf(redis.reason !== undefined)(redis.titled('the command with a real Redis'), () => {
  let server: RedisServer;
  let client: Redis;
  let bench: CommandBench;
  beforeAll(async () => {
    bench = await CommandBench.open('redis', env);
    server = await redis.start();
    client = new Redis(server.url);
    client.on('error', () => {}); // it goes away and comes back in these tests
  });
  afterAll(async () => {
    client?.disconnect();
    await server?.[Symbol.asyncDispose]();
  });

  /** What one left behind that is gone is claimed at once. */
  const takingOver = ['--extra', '{"claimIdleMs": 1, "claimEveryMs": 50}'];
  const env = () => ({ EVENT_BUS_REDIS_CONNECTION_URL: server.url, EVENTS_SERVICE_NAME: 'lms' });
  it('carries events from one process to another, in order and exactly', async () => {
    bench.nextTopic();
    const sending = await bench.sendAll(3_000);
    expect(sending.stderr()).toBe(`3,000 events accepted on ${bench.topic}\n`);
    const { code, stdout, stderr } = await endOf(bench.consume(['--count', '3000']));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(numbersIn(stdout)).toEqual(upTo(3_000));
    expect(JSON.parse(stdout.slice(0, stdout.indexOf('\n')))).toMatchObject({
      event_type: type,
      metadata: { source: 'openedx/lms/web' },
      topic: bench.topic,
      position: expect.stringMatching(/^\d{13}-\d+$/),
    });
    expect(((await client.xpending(bench.topic, 'g')) as [number])[0]).toBe(0);
  });

  it('has sent as many events as it reports when it is interrupted', async () => {
    bench.nextTopic();
    const sending = bench.produce([], { EVENT_BUS_REDIS_STREAM_MAX_LEN: '0' });
    const interrupted = bench.sendUntilInterrupted(sending);
    await expect.poll(() => client.xlen(bench.topic), patient).toBeGreaterThan(2_000);
    sending.child.kill('SIGINT');
    const accepted = await interrupted;
    expect(accepted).toBeGreaterThan(2_000);
    const sent = await endOf(bench.consume(['--count', String(accepted)]));
    const numbers = numbersIn(sent.stdout);
    expect(numbers.at(-1)).toBe(accepted - 1);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 0],
    ['SIGKILL', 'SIGKILL'],
  ] as const)('loses nothing when it ends with %s while it receives', async (signal, code) => {
    bench.nextTopic();
    const doubled = await bench.endAmongEvents(signal, code, [], takingOver);
    expect(doubled).toBeLessThanOrEqual(signal === 'SIGKILL' ? 100 : 1);
  });

  it('leaves what was not written when its reader goes', async () => {
    bench.nextTopic();
    await bench.sendAll(3_000);
    const first = bench.consume();
    await once(first.child.stdout, 'data');
    first.child.stdout.destroy();
    expect(await first.ended).toBe(0);
    expect(first.stderr()).toBe('');
    const rest = bench.consume(takingOver);
    await expect.poll(() => numbersIn(rest.stdout()).at(-1), { timeout: 60_000 }).toBe(2_999);
    rest.child.kill('SIGTERM');
    await rest.ended;
    const [from = -1, ...others] = numbersIn(rest.stdout());
    expect(from).toBeGreaterThan(0);
    expect(others).toEqual(Array.from({ length: 2_999 - from }, (_, index) => from + 1 + index));
  });

  it('waits out a restart of Redis and logs it', async () => {
    bench.nextTopic();
    expect(await bench.waitOutARestart(server)).not.toContain(password);
  });

  it('stops at broken JSON on line 3', async () => {
    bench.nextTopic();
    const sending = bench.produce();
    sending.child.stdin.write(`${line(0)}${line(1)}{"data": top-secret-word}\n${line(3)}`); // and it stays open
    expect(await sending.ended).toBe(1);
    expect(sending.stderr()).toBe(
      `2 events accepted on ${bench.topic}\nerror: line 3: not valid JSON (at character 9) [CLI_INPUT]\n`,
    );
    expect(await client.xlen(bench.topic)).toBe(2);
  });

  it('skips an unknown type with a warning, or handles it as --extra states', async () => {
    bench.nextTopic();
    const id = '6b5f2c7e-89a7-11ee-b9d1-0242ac120002';
    await client.xadd(bench.topic, '*', 'type', 'com.example.other.v1', 'id', id, 'event_data', 'a');
    await bench.sendAll(1);
    const { code, stdout, stderr } = await endOf(bench.consume(['--count', '1']));
    expect({ code, numbers: numbersIn(stdout) }).toEqual({ code: 0, numbers: [0] });
    expect(stderr).toMatch(
      /^warning: events of a type that is not loaded here are skipped .*com\.example\.other\.v1/,
    );
  });

  it('accepts the options of the Python command', async () => {
    bench.nextTopic();
    await bench.sendAll(2);
    const extra = '{"consumer_name": "one", "check_backlog": true}';
    const { code, stdout } = await bench.run([
      'consume',
      '-t',
      bench.topic,
      '-g',
      'g',
      '--count',
      '2',
      '--extra',
      extra,
    ]);
    expect({ code, numbers: numbersIn(stdout) }).toEqual({ code: 0, numbers: [0, 1] });
    expect(await endOf(bench.consume(['--extra', '{"consumer_nam": "one"}']))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean'),
    });
  });

  describe('where Redis is not as it should be', () => {
    const each =
      (more: () => Promise<Readonly<Record<string, string>>>, expected: readonly number[], text: RegExp) =>
      async () => {
        bench.nextTopic();
        const results = await bench.runAll(await more(), 300);
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
        /is unreachable/,
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
      'ends with 1 when the key is no stream, with 2 for lag, and with 3 for consume, which waits until it is one',
      each(
        async () => {
          await client.set(bench.topic, 'text');
          return {};
        },
        [1, 3, 2, 1],
        /WRONGTYPE|no stream/,
      ),
    );
    it('does not wait for a Redis that is frozen', async () => {
      bench.nextTopic();
      await server.freeze();
      try {
        const frozen = /is not ready after 300 ms/;
        const receiving = await endOf(bench.consume(['--wait', '300']));
        expect(receiving).toMatchObject({ code: 3, stderr: expect.stringMatching(frozen) });
      } finally {
        await server.unfreeze();
      }
    });
  });

  it('shows an operator how far groups are behind, and what is wrong', async () => {
    bench.nextTopic();
    await bench.sendAll(3);
    await endOf(bench.consume(['--count', '1']));
    const lag = await bench.run(['lag', '-t', bench.topic, '--json']);
    expect(lag).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(lag.stdout)).toMatchObject({
      topic: bench.topic,
      group: 'g',
      lane: bench.topic,
      length: 3,
    });
    await client.xadd(`${bench.topic}.g.dlq`, '*', 'a', 'b');
    const doctor = await bench.run(['doctor', '-t', bench.topic]);
    expect(doctor).toMatchObject({ code: 0, stderr: '' });
    expect(doctor.stdout).toContain(`ok       topic ${bench.topic}: events: 3, groups: 1`);
    expect(doctor.stdout).toContain(
      `warning  dead letters ${bench.topic}.g.dlq: events that the group could not process: 1`,
    );
    expect(doctor.stdout).not.toContain(password);
  });

  describe('dlq', () => {
    const full = async (stream: string) =>
      (await client.xrangeBuffer(stream, '-', '+')) as readonly (readonly [Buffer, readonly Buffer[]])[];
    const idOf = (fields: readonly Buffer[]) =>
      String(fields[fields.findIndex((part) => part.equals(Buffer.from('id'))) + 1]);
    const buryAll = async () => {
      for (const [position, fields] of await full(bench.topic)) {
        const facts = {
          ...{ 'dlq-code': 'RECEIVER_FAILED', 'dlq-message': 'Error: broken', 'dlq-attempts': '3' },
          ...{
            'dlq-first-failure': '2026-01-02T03:04:05.000Z',
            'dlq-last-failure': '2026-01-02T03:04:06.000Z',
          },
          ...{ 'dlq-source': `${bench.topic}@${position}`, 'dlq-group': 'g' },
        };
        await client.xadd(`${bench.topic}.g.dlq`, '*', ...fields, ...Object.entries(facts).flat());
      }
    };
    const dlq = (...args: readonly string[]) =>
      bench.start(['dlq', ...args, '-t', bench.topic], { EVENT_BUS_REDIS_STREAM_MAX_LEN: '0' });

    it('loses nothing when it is killed in the middle, and ends in order', async () => {
      bench.nextTopic();
      await bench.sendAll(300);
      await buryAll();
      const killed = dlq('redrive', '--all-groups', '--all', '--rate', '500');
      await expect.poll(killed.stderr, { timeout: 60_000 }).toContain('a dead letter was sent again');
      killed.child.kill('SIGKILL');
      expect(await killed.ended).toBe('SIGKILL');
      const sentBefore = (await client.xlen(bench.topic)) - 300;
      expect(sentBefore).toBeLessThan(300);
      const { code, stderr } = await endOf(dlq('redrive', '--all-groups', '--all'));
      expect(code).toBe(0);
      expect(stderr).toMatch(/ dead letters of group g were sent again to grades-\d+\n$/);
      expect(await endOf(dlq('list'))).toMatchObject({
        code: 0,
        stdout: '',
        stderr: `no dead letters of topic ${bench.topic}\n`,
      });
      const entries = (await full(bench.topic)).map(([, fields]) => idOf(fields));
      const original = entries.slice(0, 300);
      expect(new Set(entries.slice(300))).toEqual(new Set(original));
      const lastRun = entries.slice(300 + sentBefore);
      expect(lastRun).toEqual(original.slice(-lastRun.length));
    });

    if (redrivesAmongKills)
      it('sends them to the group that failed alone, though the command and a member are killed', async () => {
        bench.nextTopic();
        await redriveAmongKills(bench, buryAll, '{"singleActive": true, "leaseMs": 1000}');
      }, 300_000);

    it('shows a dead letter with its data masked, and an event is consumed after its redrive', async () => {
      bench.nextTopic();
      await bench.sendAll(2);
      await buryAll();
      const { stdout } = await endOf(dlq('show', '--payload', '--limit', '1'));
      expect(JSON.parse(stdout)).toMatchObject({
        event_type: type,
        code: 'RECEIVER_FAILED',
        data: { grade: { user_id: '***', percent_grade: 0.5 } },
        headers: expect.arrayContaining([['event_key', '***']]),
      });
      expect(await dlq('redrive', '--all-groups', '--position', JSON.parse(stdout).position).ended).toBe(0);
      const consumed = await endOf(bench.consume(['--count', '3']));
      expect(numbersIn(consumed.stdout)).toEqual([0, 1, 0]);
      const refused = await endOf(dlq('redrive', '--all')); // its member has ended
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(`no active member of the group reads ${bench.topic}.g.retry`);
      expect(refused.stderr).not.toContain('waiting up to');
      const replayed = bench.start(['replay', '-t', bench.topic, '-g', 'g', '--from', 'earliest']);
      expect(await endOf(replayed)).toMatchObject({
        code: 0,
        stderr: `group g receives 3 events of topic ${bench.topic} again: ${type} (3)\n`,
      });
      expect(numbersIn((await endOf(bench.consume(['--count', '3']))).stdout)).toEqual([0, 1, 0]);
      expect(await dlq('purge', '--all', '--yes').ended).toBe(0);
      expect(await client.xlen(`${bench.topic}.g.dlq`)).toBe(0);
    });
  });
});
