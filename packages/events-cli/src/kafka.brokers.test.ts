import { once } from 'node:events';
import {
  type FakeSchemaRegistry,
  freePort,
  type KafkaServer,
  kafkaOrReason,
  startFakeSchemaRegistry,
} from '@openedx-ts/brokers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltCommand, builtCommand, type RunningCommand } from './built-command.test-support.js';
import { line, numbersIn, type } from './numbered-events.test-support.js';

const login = { username: 'cli-user', password: 'top-secret-word' };
const kafka = await kafkaOrReason({
  listeners: ['sasl-plaintext'],
  users: { [login.username]: login.password },
});

describe.skipIf(kafka.reason !== undefined)(kafka.titled('the command with a real Kafka'), () => {
  let server: KafkaServer;
  let registry: FakeSchemaRegistry;
  let command: BuiltCommand;
  let topics = 0;
  let topic = '';
  const nextTopic = () => {
    topics += 1;
    topic = `grades-${topics}`;
  };
  beforeAll(async () => {
    command = await builtCommand('kafka');
    registry = await startFakeSchemaRegistry();
    server = await kafka.start();
  });
  afterAll(async () => {
    await registry?.stop();
    await server?.[Symbol.asyncDispose]();
  });

  const env = () => ({
    EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.address('sasl-plaintext').bootstrapServers,
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
    EVENT_BUS_KAFKA_API_KEY: login.username,
    EVENT_BUS_KAFKA_API_SECRET: login.password,
    EVENT_BUS_KAFKA_TLS: 'false',
    EVENTS_SERVICE_NAME: 'lms',
  });
  const produce = (args: readonly string[] = [], more: Readonly<Record<string, string>> = {}) => {
    const all = ['produce', '--type', type, '--topic', topic, '--key-field', 'grade.user_id', ...args];
    return command.start(all, { ...env(), ...more });
  };
  const consume = (args: readonly string[] = [], more: Readonly<Record<string, string>> = {}) =>
    command.start(['consume', '-t', topic, '-g', 'g', '--from', 'earliest', ...args], { ...env(), ...more });
  const sendAll = async (count: number) => {
    const sending = produce();
    sending.child.stdin.end(Array.from({ length: count }, (_, index) => line(index)).join(''));
    expect(await sending.ended, sending.stderr()).toBe(0);
    return sending;
  };
  const resultOf = async (running: RunningCommand) => {
    running.child.stdin.end();
    const code = await running.ended;
    return { code, stdout: running.stdout(), stderr: running.stderr() };
  };
  const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b);
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

  it('carries events from one process to another, in the order of each partition, and exactly', async () => {
    nextTopic();
    const sending = await sendAll(3_000);
    expect(sending.stderr()).toContain(`3,000 events accepted on ${topic}\n`);
    const { code, stdout, stderr } = await resultOf(consume(['--count', '3000']));
    expect(code, stderr).toBe(0);
    expect(sorted(numbersIn(stdout))).toEqual(upTo(3_000));
    for (const partition of [0, 1, 2, 3]) {
      const lines = stdout.split('\n').filter((text) => text.includes(`"position":"${partition}:`));
      const numbers = numbersIn(`${lines.join('\n')}\n`);
      expect(numbers).toEqual(sorted(numbers));
      expect(numbers.length).toBeGreaterThan(500);
    }
    expect(JSON.parse(stdout.slice(0, stdout.indexOf('\n')))).toMatchObject({
      event_type: type,
      metadata: { source: 'openedx/lms/web' },
      topic,
      position: expect.stringMatching(/^[0-3]:\d+$/),
    });
  });

  it('accepts all that it says when it is interrupted while it sends', async () => {
    nextTopic();
    const sending = produce();
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
    const receiving = consume();
    await expect.poll(() => numbersIn(receiving.stdout()).length, { timeout: 15_000 }).toBeGreaterThan(1_000);
    sending.child.kill('SIGINT');
    expect(await sending.ended, sending.stderr()).toBe(130);
    await feeding;
    const [, text = ''] =
      /([\d,]+) events accepted on .*, interrupted behind line \1\n$/.exec(sending.stderr()) ?? [];
    const accepted = Number(text.replaceAll(',', ''));
    expect(accepted).toBeGreaterThan(1_000);
    await expect
      .poll(() => numbersIn(receiving.stdout()).length, { timeout: 15_000 })
      .toBeGreaterThanOrEqual(accepted);
    receiving.child.kill('SIGTERM');
    expect(await receiving.ended).toBe(0);
    expect(sorted(new Set(numbersIn(receiving.stdout()))).slice(0, accepted)).toEqual(upTo(accepted));
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 0],
    ['SIGKILL', 'SIGKILL'],
  ] as const)('loses nothing when it ends with %s while it receives', async (signal, code) => {
    nextTopic();
    const count = 4_000;
    await sendAll(count);
    const quickly = ['--extra', '{"sessionTimeoutMs": 6000}']; // the least that the broker allows
    const first = consume(quickly);
    await expect
      .poll(() => numbersIn(first.stdout()).length, { timeout: 15_000, interval: 5 })
      .toBeGreaterThan(100);
    first.child.kill(signal);
    expect(await first.ended).toBe(code);
    const before = numbersIn(first.stdout());
    expect(before.length).toBeLessThan(count);
    const second = consume(quickly);
    const seen = () => new Set([...before, ...numbersIn(second.stdout())]).size;
    await expect.poll(seen, { timeout: 15_000 }).toBe(count);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    const doubled = before.length + numbersIn(second.stdout()).length - count;
    expect(doubled).toBeLessThanOrEqual(signal === 'SIGKILL' ? 400 : 0);
  });

  it('waits out a restart of Kafka and says so', async () => {
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
    expect(receiving.stderr() + sending.stderr()).not.toContain(login.password);
  });

  it('waits for a topic that does not exist yet, and says so in the end', async () => {
    nextTopic();
    const { code, stderr } = await resultOf(consume(['--wait', '500']));
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringMatching(new RegExp(`topic ${topic} does not exist yet`)),
    });
  });

  it('takes the option of the Python command', async () => {
    nextTopic();
    await sendAll(2);
    const extra = '{"offset_time": "2026-01-31T06:00:00+00:00"}';
    const { code, stdout } = await resultOf(
      command.start(['consume', '-t', topic, '-g', 'g', '--count', '2', '--extra', extra], env()),
    );
    expect({ code, numbers: sorted(numbersIn(stdout)) }).toEqual({ code: 0, numbers: [0, 1] });
    expect(await resultOf(consume(['--extra', '{"sessionTimeoutMS": 6000}']))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean'),
    });
  });

  describe('where something is not as it should be', () => {
    const each =
      (more: () => Promise<Readonly<Record<string, string>>>, expected: readonly number[], text: RegExp) =>
      async () => {
        nextTopic();
        await sendAll(1);
        const settings = await more();
        const wait = ['--wait', '1500', '--debug'];
        const operator = ['-t', topic, '--debug'];
        const runs = [
          produce(wait, settings),
          consume(wait, settings),
          command.start(['lag', ...operator], { ...env(), ...settings }),
          command.start(['doctor', ...operator], { ...env(), ...settings }),
        ];
        runs[0]?.child.stdin.end(line(0));
        const results = await Promise.all(runs.map(resultOf));
        for (const [index, { stdout, stderr }] of results.entries()) {
          if (expected[index] !== 0) expect(stdout + stderr).toMatch(text);
          expect(stdout + stderr).not.toContain(login.password);
          expect(stdout + stderr).not.toContain('wrong-word');
        }
        expect(results.map(({ code }) => code)).toEqual(expected);
      };

    it(
      'ends with 3 when Kafka is not there',
      each(
        async () => ({ EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${await freePort()}` }),
        [3, 3, 3, 3],
        /ECONNREFUSED: is the address right \(EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS\)/,
      ),
    );
    it(
      'ends with 1 when the password is wrong, and never shows it',
      each(
        async () => ({ EVENT_BUS_KAFKA_API_SECRET: 'wrong-word' }),
        [1, 1, 1, 1],
        /refuses the credentials/,
      ),
    );
    it(
      'ends with 2, or 1 for the doctor, when the address is none',
      each(
        async () => ({ EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: 'kafka://:wrong-word@host' }),
        [2, 2, 2, 1],
        /must be host:port of at least one broker/,
      ),
    );
    it(
      'ends with 3 when the registry is not there, and shows the lag nevertheless',
      each(
        async () => ({ EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: `http://127.0.0.1:${await freePort()}` }),
        [3, 3, 0, 3],
        /schema registry at http:\/\/127\.0\.0\.1:\d+ cannot be reached/,
      ),
    );
    it(
      'ends with 3 when what answers is no registry',
      each(
        async () => ({ EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: `${registry.url}/no/such/path` }),
        [3, 3, 0, 3],
        /does not answer as a schema registry does .*EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL/,
      ),
    );
    it('does not wait for a Kafka that is frozen', async () => {
      nextTopic();
      await sendAll(1);
      await server.freeze();
      try {
        const receiving = await resultOf(consume(['--wait', '300']));
        expect(receiving).toMatchObject({ code: 3, stderr: expect.stringMatching(/not ready after 300 ms/) });
      } finally {
        await server.unfreeze();
      }
    });
  });

  it('shows an operator how far groups are behind, and what is wrong', async () => {
    nextTopic();
    await sendAll(9);
    await resultOf(consume(['--count', '1']));
    const lag = await resultOf(command.start(['lag', '-t', topic, '--json'], env()));
    expect(lag, lag.stderr).toMatchObject({ code: 0, stderr: '' });
    const lanes = lag.stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(lanes).toHaveLength(4);
    expect(lanes[0]).toMatchObject({ topic, group: 'g', lane: `${topic}:0`, members: 0, pending: null });
    expect(lanes.reduce((sum, { length }) => sum + length, 0)).toBe(9);
    expect(lanes.reduce((sum, { lag: waiting }) => sum + waiting, 0)).toBe(8);
    const doctor = await resultOf(command.start(['doctor', '-t', topic], env()));
    expect(doctor, doctor.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(doctor.stdout).toContain(`ok       topic ${topic}: events: about 9, partitions: 4, groups: 1`);
    expect(doctor.stdout).toContain(`warning  group g on ${topic}: waiting 8 and no member reads the topic`);
    expect(doctor.stdout).toContain(
      `ok       schemas of ${topic}: ${type}: what is registered fits the definition here`,
    );
    expect(doctor.stdout).not.toMatch(new RegExp(`${login.password}|${login.username}`));
  });

  it('shows dead letters whose schema is gone, sends them again as they are, and replays', async () => {
    nextTopic();
    await sendAll(2);
    const dlq = (...args: readonly string[]) =>
      resultOf(command.start(['dlq', ...args, '-t', topic, '-g', 'g'], env()));
    const letters = async () => {
      const { stdout } = await dlq('list', '--json');
      return stdout === '' ? { count: 0 } : (JSON.parse(stdout) as { count: number; redriven: number });
    };
    /** With the schema gone, the group can but give them up. */
    const giveUp = async (redriven: number) => {
      const receiving = consume();
      await expect.poll(letters, { timeout: 20_000 }).toMatchObject({ count: 2, redriven });
      receiving.child.kill('SIGTERM');
      expect(await receiving.ended, receiving.stderr()).toBe(0);
    };
    const gone = { error_code: 40403, message: 'Schema not found' };
    registry.fail({ on: /^GET \/schemas\/ids\//, status: 404, body: JSON.stringify(gone) });
    try {
      await giveUp(0);
      const shown = await dlq('show', '--payload', '--limit', '1');
      expect(JSON.parse(shown.stdout)).toMatchObject({
        event_type: type,
        code: 'EVENTS_UNUSABLE_MESSAGE',
        data: null,
        undecodable: expect.stringMatching(/schema/),
      });
      expect(await dlq('redrive', '--all')).toMatchObject({ code: 0 });
      expect(await letters()).toEqual({ count: 0 });
      await giveUp(2);
    } finally {
      registry.heal();
    }
    expect(await dlq('redrive', '--all', '--rate', '100')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`2 dead letters of group g were sent again to ${topic}\n`),
    });
    expect(sorted(numbersIn((await resultOf(consume(['--count', '2']))).stdout))).toEqual([0, 1]);
    const replayed = await resultOf(
      command.start(['replay', '-t', topic, '-g', 'g', '--from', 'earliest'], env()),
    );
    expect(replayed).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`group g gets 6 events of topic ${topic} again: ${type} (6)\n`),
    });
    expect(sorted(numbersIn((await resultOf(consume(['--count', '6']))).stdout))).toEqual([0, 0, 0, 1, 1, 1]);
  });
});
