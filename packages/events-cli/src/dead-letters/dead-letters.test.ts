import { MemoryEventBusConsumer } from '@openedx-ts/event-bus-memory';
import { createMetadata } from '@openedx-ts/events-core';
import { type Message, toDeadLetter } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { broker, showBrokerToOperators, showToOperators } from '../memory-bus.test-support.js';
import { line, type } from '../numbered-events.test-support.js';
import { collected, run } from '../run.test-support.js';

const bus = ['--bus', './memory-bus.test-support.ts'];
let topics = 0;
let topic: string;
beforeEach(() => {
  topics += 1;
  topic = `unhandled-${topics}`;
  showBrokerToOperators();
});
afterEach(() => showToOperators(undefined));

const dlq = (command: string, ...args: string[]) => run(['dlq', command, ...bus, '-t', topic, ...args]);
const onTopic = () => broker.messages(topic);
const dead = (group = 'mail') => broker.messages(`${topic}.${group}.dlq`);

/** Sends events and buries them: the group gave them up. */
async function bury(count: number, { group = 'mail', code = 'RECEIVER_FAILED' } = {}) {
  const before = onTopic().length;
  const stdin = Array.from({ length: count }, (_, index) => line(index)).join('');
  const sending = ['produce', ...bus, '--type', type, '--topic', topic, '--key-field', 'grade.user_id'];
  expect(await run(sending, { stdin })).toMatchObject({ code: 0 });
  for (const { topic: source, key, value, headers, partition, offset } of onTopic().slice(before))
    broker.append(
      toDeadLetter(
        { topic: source, key, value, headers },
        {
          code,
          message: 'TypeError: broken',
          attempts: 3,
          firstFailure: new Date('2026-01-02T03:04:05Z'),
          lastFailure: new Date('2026-01-02T03:04:06Z'),
          source: `${source}@${partition}:${offset}`,
          groupId: group,
        },
      ),
    );
}

describe('dlq list', () => {
  it('counts by group, failure code and event type', async () => {
    await bury(2);
    await bury(1, { code: 'OTHER' });
    await bury(1, { group: 'audit' });
    const { code, stdout, stderr } = await dlq('list');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').map((text) => text.split(/ {2,}/))).toEqual([
      ['TOPIC', 'GROUP', 'COUNT', 'REDRIVEN', 'OLDEST', 'NEWEST', 'CODES', 'TYPES'],
      [
        topic,
        'audit',
        '1',
        '0',
        '2026-01-02T03:04:06Z',
        '2026-01-02T03:04:06Z',
        'RECEIVER_FAILED (1)',
        `${type} (1)`,
      ],
      [
        ...[topic, 'mail', '3', '0', '2026-01-02T03:04:06Z', '2026-01-02T03:04:06Z'],
        ...['RECEIVER_FAILED (2), OTHER (1)', `${type} (3)`],
      ],
      [''],
    ]);
    const { stdout: json } = await dlq('list', '-g', 'mail', '--code', 'OTHER', '--json');
    expect(JSON.parse(json)).toEqual({
      topic,
      group: 'mail',
      count: 1,
      redriven: 0,
      unfit: 0,
      oldest: '2026-01-02T03:04:06.000Z',
      newest: '2026-01-02T03:04:06.000Z',
      codes: [{ code: 'OTHER', count: 1 }],
      event_types: [{ event_type: type, count: 1 }],
    });
  });

  it.each([['list'], ['show'], ['redrive', '--all'], ['purge', '--all', '--yes']])(
    'names the groups that have dead letters when the name of the group is misspelt: %s',
    async (...args) => {
      await bury(1);
      const { code, stderr } = await dlq(...(args as [string]), '-g', 'mial');
      expect(code).toBe(0);
      expect(stderr).not.toMatch(/no dead letters of topic \S+$/m);
      expect(stderr).toContain(`group mial has no dead letters of topic ${topic}; these have: mail\n`);
      expect((await dlq(...(args as [string]), '-g', 'mail')).stderr).not.toContain('these have');
    },
  );

  it('lets no header steer the terminal', async () => {
    await bury(1, { code: '\u001b[31mRED\n' });
    const { stdout } = await dlq('list');
    expect(stdout).toContain('\\u{1b}[31mRED\\u{a} (1)');
    expect(stdout).not.toContain('\u001b');
  });

  it('cuts long names, and counts those beyond a thousand together', async () => {
    const append = (eventType: string) => {
      const headers = [['ce_type', Buffer.from(eventType)]] as const;
      broker.append(deadOf({ topic, key: null, value: Buffer.from('x'), headers }));
    };
    append('y'.repeat(100_000));
    for (let index = 0; index < 1_002; index += 1) append(`org.example.${index}.v1`);
    const { stdout } = await dlq('list', '--json');
    const { event_types: types } = JSON.parse(stdout) as {
      event_types: { event_type: string; count: number }[];
    };
    expect(types).toHaveLength(1_001);
    expect(types[0]).toEqual({ event_type: '(others)', count: 3 });
    expect(Math.max(...types.map(({ event_type }) => event_type.length))).toBe(201);
    expect((await dlq('show', '--limit', '1')).stdout.length).toBeLessThan(5_000);
  });

  it('reports it when there are none', async () => {
    expect(await dlq('list')).toEqual({ code: 0, stdout: '', stderr: `no dead letters of topic ${topic}\n` });
  });
});

describe('dlq show', () => {
  it('writes why it died and what it is, without key and data', async () => {
    await bury(1);
    const { code, stdout } = await dlq('show');
    expect(code).toBe(0);
    const shown = JSON.parse(stdout) as Record<string, unknown>;
    expect(shown).toMatchObject({
      position: '0:0',
      topic,
      group: 'mail',
      event_type: type,
      event_id: expect.any(String),
      code: 'RECEIVER_FAILED',
      message: 'TypeError: broken',
      attempts: 3,
      first_failure: '2026-01-02T03:04:05.000Z',
      last_failure: '2026-01-02T03:04:06.000Z',
      source: `${topic}@0:0`,
      redrives: 0,
      key_bytes: expect.any(Number),
      value_bytes: expect.any(Number),
    });
    expect(shown).not.toHaveProperty('data');
    expect(shown.headers).toContainEqual(['ce_type', type]);
    expect(stdout).not.toContain('Ünïcode');
  });

  it('shows data with --payload, and masks what is personal in it', async () => {
    const enrolled = 'org.openedx.learning.course.enrollment.created.v1';
    const user = { id: 7, is_active: true, pii: { username: 'ada', email: 'ada@example.org', name: 'Ada' } };
    const course = { course_key: 'course-v1:edX+DemoX.1+2014', display_name: 'Demo', start: null, end: null };
    const enrollment = {
      ...{ user, course, mode: 'audit', is_active: true },
      ...{ creation_date: '2026-01-02T03:04:05+00:00', created_by: null },
    };
    const sending = ['produce', ...bus, '--type', enrolled, '--topic', topic];
    const key = ['--key-field', 'enrollment.course.course_key'];
    const stdin = JSON.stringify({ data: { enrollment } });
    expect(await run([...sending, ...key], { stdin })).toMatchObject({ code: 0 });
    const [sent] = onTopic();
    const dead = deadOf(sent as Message);
    const facts = new Map<string, Uint8Array | null>([...dead.headers, ['note', Buffer.from('of ADA')]]);
    facts.set('dlq-message', Buffer.from('Error: ada@example.org exists')); // as releases before wrote it
    broker.append({ ...dead, headers: [...facts] });
    const { stdout } = await dlq('show', '--payload');
    const { data } = JSON.parse(stdout) as { data: { enrollment: typeof enrollment } };
    expect(data.enrollment.course.display_name).toBe('Demo');
    expect(data.enrollment.user.pii).toEqual({ username: '***', email: '***', name: '***' });
    expect(JSON.parse(stdout)).toMatchObject({ message: 'Error: *** exists' });
    expect(stdout).not.toMatch(/ada(?!ta)/i);
  });

  it('shows what cannot be decoded, with the reason', async () => {
    const metadata = createMetadata({ eventType: 'com.example.gone.v1' });
    const headers = [
      ['ce_type', Buffer.from(metadata.eventType)],
      ['ce_id', Buffer.from(metadata.id)],
      ['odd', Uint8Array.of(0xff)],
      ['null', null],
      ['event_key', Buffer.from('Ada')],
    ] as const;
    broker.append(deadOf({ topic, key: Buffer.from('Ada'), value: Buffer.from('secret'), headers }));
    const { code, stdout } = await dlq('show', '--payload');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      event_type: 'com.example.gone.v1',
      data: null,
      undecodable: expect.stringContaining('unknown event type com.example.gone.v1'),
      headers: expect.arrayContaining([
        ['odd', '(1 bytes)'],
        ['null', null],
        ['event_key', '***'],
      ]),
    });
    expect(stdout).not.toMatch(/secret|Ada/);
    expect(await dlq('redrive', '--all-groups', '--all')).toMatchObject({ code: 0 });
    expect(onTopic()[0]).toMatchObject({ value: Buffer.from('secret') });
  });

  it('keeps to a limit, and refuses a position where nothing lies', async () => {
    await bury(3);
    expect((await dlq('show', '--limit', '2')).stdout.trim().split('\n')).toHaveLength(2);
    expect(await dlq('show', '--position', '0:9')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`no such dead letter on ${topic}.mail.dlq: 0:9`),
    });
  });
});

describe('dlq redrive', () => {
  it('sends them again, with a line for each and one for all', async () => {
    await bury(2);
    const { code, stdout, stderr } = await dlq('redrive', '--all-groups', '--all', '--rate', '1000/s');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr.match(/^info: a dead letter was sent again \(.*\)$/gm)).toHaveLength(2);
    expect(stderr).toContain(`from ${topic}.mail.dlq@0:0, to ${topic}@0:2, redrives 1, code RECEIVER_FAILED`);
    expect(stderr.split('\n').at(-2)).toBe(`2 dead letters of group mail were sent again to ${topic}`);
    expect([onTopic().length, dead().length]).toEqual([4, 0]);
    const ids = onTopic().map(({ headers }) => String(headers.find(([name]) => name === 'ce_id')?.[1]));
    expect(ids.slice(2)).toEqual(ids.slice(0, 2));
  });

  it('sends them to the group that failed alone, once a member of it reads its retry topic', async () => {
    await bury(2);
    const consumer = new MemoryEventBusConsumer({ broker, topics: [topic], groupId: 'mail' });
    const running = consumer.run();
    await consumer.ready;
    const { code, stderr } = await dlq('redrive', '--all');
    expect({ code, last: stderr.split('\n').at(-2) }).toEqual({
      code: 0,
      last: '2 dead letters of group mail were sent again to group mail alone',
    });
    await consumer.close();
    await running;
    expect([onTopic().length, broker.messages(`${topic}.mail.retry`).length, dead().length]).toEqual([
      2, 2, 0,
    ]);
  });

  it('refuses to send them to a group that does not consume, and names the cure', async () => {
    await bury(1);
    expect(await dlq('redrive', '--all')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /the group does not consume .*: start one of its consumers, .*--all-groups/,
      ),
    });
    expect([onTopic().length, dead().length]).toEqual([1, 1]);
    expect(broker.topicNames).not.toContain(`${topic}.mail.retry`);
  });

  it('only counts in a dry run', async () => {
    await bury(2);
    expect(await dlq('redrive', '--all-groups', '--all', '--dry-run')).toEqual({
      code: 0,
      stdout: '',
      stderr: `2 dead letters of group mail would be sent again to ${topic}\n`,
    });
    expect([onTopic().length, dead().length]).toEqual([2, 2]);
  });

  it('needs to know which, and of which group', async () => {
    await bury(1);
    expect(await dlq('redrive')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('selects nothing'),
    });
    await bury(1, { group: 'audit' });
    expect(await dlq('redrive', '--all-groups', '--all')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('name one with --group (audit, mail)'),
    });
    expect(await dlq('redrive', '--all-groups', '--all', '--since', 'yesterday')).toMatchObject({ code: 2 });
    expect(await dlq('redrive', '--all-groups', '--all', '--rate', '0')).toMatchObject({ code: 2 });
    expect(await run(['dlq', 'list', ...bus, '-t', `${topic}.mail.dlq`])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is a dead-letter topic'),
    });
    expect(onTopic()).toHaveLength(2);
  });

  it('finds the group that has some by itself', async () => {
    await bury(1);
    await bury(1, { group: 'audit' });
    expect(await dlq('purge', '-g', 'audit', '--all', '--yes')).toMatchObject({ code: 0 });
    expect(await dlq('redrive', '--all-groups', '--all')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`1 dead letter of group mail was sent again to ${topic}\n`),
    });
  });

  it('fails when some cannot be sent again, and names them', async () => {
    await bury(1);
    broker.append({ topic: `${topic}.mail.dlq`, key: null, value: null, headers: [] });
    const { code, stderr } = await dlq('redrive', '--all-groups', '--all');
    expect(code).toBe(1);
    expect(stderr).toContain('not sent again, stays at 0:1: it is no dead letter');
    expect(stderr).toContain('[CLI_UNFIT]');
    expect([onTopic().length, dead().length]).toEqual([2, 1]);
  });

  it('draws its progress on a terminal', async () => {
    await bury(2);
    const stderr = collected();
    Object.assign(stderr.stream, {
      isTTY: true,
      cursorTo: () => {},
      clearLine: () => {},
      moveCursor: () => {},
    });
    const args = ['dlq', 'redrive', ...bus, '-t', topic, '--all-groups', '--all', '--rate', '20'];
    expect(await run(args, { stderr: stderr.stream })).toMatchObject({ code: 0 });
    expect(stderr.text()).toContain('50 %');
    expect(stderr.text()).toContain('2 dead letters of group mail were sent again');
  });

  it('ends with 130 when it is interrupted, and what was sent is gone from there', async () => {
    await bury(3);
    const interrupt = new AbortController();
    const stderr = collected();
    const write = stderr.stream.write.bind(stderr.stream) as (chunk: string) => boolean;
    stderr.stream.write = ((chunk: string) => {
      if (chunk.includes('sent again (')) interrupt.abort('SIGINT');
      return write(chunk);
    }) as typeof stderr.stream.write;
    const args = ['dlq', 'redrive', ...bus, '-t', topic, '--all-groups', '--all'];
    const { code } = await run(args, { abortSignal: interrupt.signal, stderr: stderr.stream });
    expect(code).toBe(130);
    expect([onTopic().length, dead().length]).toEqual([4, 2]);
    expect(stderr.text()).toContain(`1 dead letter of group mail was sent again to ${topic}, interrupted`);
  });
});

describe('dlq purge', () => {
  it('removes the dead letters of one person with --field, and prints the value nowhere', async () => {
    await bury(3);
    const undecodable = [['ce_type', Buffer.from(type)]] as const;
    broker.append(deadOf({ topic, key: null, value: Buffer.from('x'), headers: undecodable }));
    const person = ['--field', 'grade.user_id=1'];
    expect((await dlq('purge', ...person, '--dry-run')).stderr).toMatch(
      /^1 event was kept, because --field cannot look .*\n1 dead letter of group mail would be removed\n$/,
    );
    const { code, stderr } = await dlq('purge', ...person, '--yes');
    expect({ code, left: dead().length }).toEqual({ code: 0, left: 3 });
    expect(stderr).toContain('1 dead letter of group mail was removed\n');
    expect((await dlq('purge', '--field', 'grade.user_id=1', '--yes')).stderr).toContain('0 dead letters');
    const shown = await dlq('show', '--payload');
    const ids = shown.stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text).value_bytes);
    expect(ids).toHaveLength(3);
  });

  it.each([
    [['--field', 'secret-person'], '--field: expected PATH=VALUE'],
    [['--field=user.pii.username='], '--field: expected PATH=VALUE'],
    [['--field', 'user..name=secret-person'], '--field: expected PATH=VALUE'],
    [['--field', 'user.nobody=secret-person'], 'no known event has this field'],
    [['--field', 'user.pii.username=secret-person', '--type', type], `${type} has no such field`],
    [['--field', 'grade.user_id=secret-person', '--all'], 'and a condition: give one of them'],
    [['--field', 'grade.user_id=secret-person', '--position', '9:9'], ''],
    [['--field', 'grade.user_id=secret-person', 'secret-person'], 'too many arguments'],
  ])('refuses %j with exit code 2, without its value', async (args, reason) => {
    for (const debug of [[], ['--debug']]) {
      const { code, stdout, stderr } = await dlq('purge', ...args, '--yes', '-g', 'mail', ...debug);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(reason);
      expect(stderr).not.toContain('secret-person');
    }
  });

  it('removes those alone whose headers give no event type with --untyped', async () => {
    await bury(2);
    broker.append(deadOf({ topic, key: null, value: Buffer.from('?'), headers: [] }));
    const { code } = await dlq('purge', '--untyped', '--yes');
    expect({ code, left: dead().length }).toEqual({ code: 0, left: 2 });
    const { stderr } = await dlq('purge', '--untyped', '--type', type, '--yes');
    expect(stderr).toContain("option '--untyped' cannot be used with option '--type <type>'");
  });

  it('removes those alone whose headers give no code with --uncoded', async () => {
    await bury(2);
    const [first] = dead();
    if (first === undefined) throw new Error('nothing is dead');
    const headers = first.headers.filter(([name]) => !name.startsWith('dlq-'));
    broker.append({ topic: first.topic, key: null, value: Buffer.from('?'), headers });
    const { code } = await dlq('purge', '--uncoded', '--type', type, '--yes');
    expect({ code, left: dead().length }).toEqual({ code: 0, left: 2 });
    expect(dead().map(({ value }) => String(value))).not.toContain('?');
  });

  it('removes what is meant, once that is confirmed', async () => {
    await bury(2);
    await bury(1, { code: 'OTHER' });
    expect(await dlq('purge', '--all')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(await dlq('purge', '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('selects nothing'),
    });
    expect(await dlq('purge', '--all', '--dry-run')).toMatchObject({
      stderr: '3 dead letters of group mail would be removed\n',
    });
    expect(dead()).toHaveLength(3);
    const { code, stderr } = await dlq('purge', '--code', 'OTHER', '--yes');
    expect(code).toBe(0);
    expect(stderr).toContain('1 dead letter of group mail was removed\n');
    expect(dead()).toHaveLength(2);
  });
});

describe('dlq with a bus that cannot', () => {
  it.each([['list'], ['show'], ['redrive', '--all'], ['purge', '--all', '--yes']])(
    'refuses %s',
    async (...args) => {
      const [command = '', ...more] = args;
      showToOperators({ lag: async () => [], diagnose: async () => [] });
      expect(await dlq(command, ...more)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('[CLI_UNSUPPORTED]'),
      });
      const replay = ['replay', ...bus, '-t', topic, '-g', 'mail', '--from', 'earliest'];
      expect(await run(replay)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('[CLI_UNSUPPORTED]'),
      });
    },
  );
});

function deadOf(message: Message): Message {
  const at = new Date('2026-01-02T03:04:05Z');
  const facts = { code: 'X', message: 'x', attempts: 1, firstFailure: at, lastFailure: at, groupId: 'mail' };
  const { key, value, headers } = message;
  return toDeadLetter({ topic, key, value, headers }, { ...facts, source: `${topic}@0:0` });
}
