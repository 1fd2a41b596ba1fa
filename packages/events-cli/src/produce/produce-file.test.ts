import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { broker } from '../memory-bus.test-support.js';
import { collected, run, temporaryFolder } from '../run.test-support.js';

const type = 'org.openedx.learning.course.persistent_grade_summary.changed.v1';
const keyField = 'grade.course.course_key';
const bus = ['--bus', './memory-bus.test-support.ts'];
let topics = 0;
let topic = '';
beforeEach(() => {
  topics += 1;
  topic = `grades-${topics}`;
});
afterEach(() => broker.start());

describe('produce', () => {
  it('sends each line in order and prints how many were accepted', async () => {
    const lines = Array.from({ length: 2_500 }, (_, index) => line({ user_id: index }));
    const { code, stdout, stderr } = await produce(lines.join('\n'));
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '',
      stderr: `2,500 events accepted on ${topic}\n`,
    });
    const consumed = (await consume(2_500)).map(({ data }) => data.grade.user_id);
    expect(consumed).toEqual(lines.map((_, index) => index));
  });

  it('does not say that the null bus has accepted something', async () => {
    const args = ['produce', '--type', type, '--key-field', keyField, '--topic', topic, '--bus', 'null'];
    const { code, stderr } = await run(args, { stdin: line({ user_id: 1 }) });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /^error: produce: nobody would receive .* the bus null: .*\[CLI_USAGE\]\n$/,
      ),
    });
  });

  it('keeps integers beyond 2^53 and the metadata that is given', async () => {
    const metadata = {
      id: '6b5f2c7e-89a7-11ee-b9d1-0242ac120002',
      minorversion: 3,
      source: 'openedx/lms/web',
      sourcehost: 'edx.example',
      time: '2026-01-02T03:04:05.678901+00:00',
    };
    const text = line({ user_id: 1 }, { metadata }).replace('"user_id":1', '"user_id":9223372036854775807');
    expect((await produce(text)).code).toBe(0);
    const consumed = await run([
      'consume',
      ...bus,
      '-t',
      topic,
      '-g',
      'g',
      '--from',
      'earliest',
      '--count',
      '1',
    ]);
    expect(consumed.stdout).toContain('"user_id":9223372036854775807');
    expect(JSON.parse(consumed.stdout)).toMatchObject({ event_type: type, metadata, topic, position: '0:0' });
  });

  it('sends again what consume wrote, unchanged', async () => {
    await produce(line({}));
    const first = await run([
      'consume',
      ...bus,
      '-t',
      topic,
      '-g',
      'g',
      '--from',
      'earliest',
      '--count',
      '1',
    ]);
    expect((await produce(first.stdout)).stderr).toBe(`1 event accepted on ${topic}\n`);
    const [, second] = await consume(2);
    expect({ ...second, position: '0:0' }).toEqual(JSON.parse(first.stdout));
  });

  it('reads a file', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'events.jsonl'), `${line({})}\n\n${line({})}\n`);
    const sent = await produce('', ['events.jsonl'], {
      cwd: folder.path,
      bus: join(import.meta.dirname, '../memory-bus.test-support.ts'),
    });
    expect(sent).toMatchObject({ code: 0, stderr: `2 events accepted on ${topic}\n` });
    const missing = await produce('', ['no.jsonl']);
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.stderr).toContain('no.jsonl cannot be read');
    expect((await produce('', ['.'])).stderr).toContain('it is a folder');
  });

  it.each([
    ['{"data": {"grade": secret}}', 'not valid JSON (at character 19)'],
    ['["secret"]', 'expected one JSON object, {"data": {...}}'],
    ['{}', 'expected "data"'],
    ['{"data": 1}', 'data: expected one JSON object'],
    ['{"dat": {}}', 'a line has an unknown key: did you mean data?'],
    ['{"data": {"grade": {"user_id": "secret"}}}', 'grade.user_id: expected an integer'],
    ['{"data": {}, "metadata": "secret"}', 'metadata: expected a JSON object'],
    ['{"data": {}, "metadata": {"sourcehst": "secret"}}', 'did you mean sourcehost?'],
    ['{"data": {}, "metadata": {"id": "secret"}}', 'metadata field id'],
    ['{"data": {}, "metadata": {"time": 1}}', 'time: expected text'],
    ['{"data": {}, "event_type": "secret"}', `event_type: expected ${type}, as given by --type`],
    ['{"data": {}, "event_type": null}', `event_type: expected ${type}, as given by --type`],
  ])('stops at a line that is refused, after those before it: %s', async (text, reason) => {
    const { code, stderr } = await produce([line({}), '', text, line({})].join('\n'));
    expect(code).toBe(1);
    expect(stderr).toContain(`1 event accepted on ${topic}\nerror: line 3: `);
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain('secret');
    expect(broker.messages(topic)).toHaveLength(1);
  });

  it('lists the possible key fields when none is given', async () => {
    const without = await run(['produce', '--type', type, '--topic', topic, ...bus], { stdin: line({}) });
    expect(without.code).toBe(2);
    expect(without.stderr).toContain(
      '--key-field is missing: usual is grade.course.course_key, possible are ',
    );
    expect(without.stderr).toContain('grade.user_id, ');
    const wrong = await run([...command(), '--key-field', 'grade.course.course_kay']);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining(`did you mean ${keyField}?`) });
  });

  it.each([
    [['--type', `${type}x`], 1, `did you mean ${type}?`],
    [
      ['--type', 'org.openedx.content_authoring.course.certificate_config.changed.v1'],
      1,
      'must stay in its process',
    ],
    [['--topic', 'no topic'], 2, '--topic: a topic is 1 to 200 characters'],
    [['--wait', '0'], 2, 'Expected a whole number'],
    [['--bus', 'redsi'], 1, 'did you mean redis?'],
    [['--bus', './no-bus.js'], 1, 'cannot be loaded'],
  ])('refuses %j', async (args, expectedCode, reason) => {
    const { code, stdout, stderr } = await run([...command(), '--key-field', keyField, ...args]);
    expect({ code, stdout }).toEqual({ code: expectedCode, stdout: '' });
    expect(stderr).toContain(reason);
  });

  it('reads the bus from the environment, and asks for one otherwise', async () => {
    const args = ['produce', '--type', type, '--topic', topic, '--key-field', keyField];
    const none = await run(args);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('give --bus') });
    const env = { EVENT_BUS: './memory-bus.test-support.ts', EVENT_BUS_TOPIC_PREFIX: 'p' };
    expect(await run(args, { stdin: line({}), env })).toMatchObject({ code: 0 });
    expect(broker.messages(`p-${topic}`)).toHaveLength(1);
  });

  it('ends with 3 when the broker stays unreachable at the start', async () => {
    broker.stop();
    const { code, stderr } = await produce(line({}), ['--wait', '50']);
    expect(code).toBe(3);
    expect(stderr).toContain('is not ready after 50 ms (--wait): ');
    expect(stderr).toContain(`0 events accepted on ${topic}\n`);
  });

  it('waits out an outage in the middle, and logs it', async () => {
    const stdin = new PassThrough();
    const stderr = collected();
    stdin.write(`${line({})}\n`);
    const running = produce(stdin, ['--wait', '50'], { stderr: stderr.stream });
    await vi.waitFor(() => expect(broker.messages(topic)).toHaveLength(1));
    broker.stop();
    stdin.write(`${line({})}\n`);
    await vi.waitFor(() => expect(stderr.text()).toContain('warning: the broker does not accept events'));
    broker.start();
    stdin.end(`${line({})}\n`);
    expect((await running).code).toBe(0);
    expect(stderr.text()).toContain(`3 events accepted on ${topic}\n`);
  });

  it('reads no faster than the broker accepts', async () => {
    broker.stop();
    let read = 0;
    const stdin = Readable.from(
      (function* () {
        for (; read < 1_000_000; read += 1) yield `${line({})}\n`;
      })(),
      { objectMode: false, highWaterMark: 1_024 },
    );
    const abort = new AbortController();
    const stderr = collected();
    const running = produce(stdin, [], { abortSignal: abort.signal, stderr: stderr.stream });
    await vi.waitFor(() => expect(stderr.text()).toContain('the broker does not accept events'));
    await vi.waitFor(() => expect(read).toBeGreaterThanOrEqual(1_000));
    expect(read).toBeLessThan(1_100);
    abort.abort();
    expect((await running).code).toBe(130);
  });

  it('sends what it has read when it is interrupted, and prints which line was the last', async () => {
    const stdin = new PassThrough();
    const abort = new AbortController();
    stdin.write(`${line({})}\n`.repeat(20));
    const running = produce(stdin, [], { abortSignal: abort.signal });
    await vi.waitFor(() => expect(broker.messages(topic).length).toBeGreaterThan(0));
    abort.abort();
    const { code, stderr } = await running;
    const accepted = broker.messages(topic).length;
    expect(code).toBe(130);
    expect(stderr).toBe(
      `${accepted} ${accepted === 1 ? 'event' : 'events'} accepted on ${topic}, interrupted after line ${accepted}\n`,
    );
  });

  it('shows its progress on a terminal, and removes it', async () => {
    const terminal = collected();
    const stderr = Object.assign(terminal.stream, {
      isTTY: true,
      columns: 80,
      clearLine: () => true,
      cursorTo: () => true,
      moveCursor: () => true,
    });
    expect((await produce(`${line({})}\n`.repeat(3), [], { stderr })).code).toBe(0);
    expect(terminal.text()).toContain(`0 events accepted on ${topic}`);
    expect(terminal.text()).toMatch(new RegExp(`3 events accepted on ${topic}\n$`));
  });
});

interface Consumed {
  readonly data: { readonly grade: { readonly user_id: number } };
}

function command(): string[] {
  return ['produce', '--type', type, '--topic', topic, ...bus];
}

function produce(
  stdin: string | Readable,
  args: readonly string[] = [],
  { bus: named, ...io }: Partial<Parameters<typeof run>[1]> & { readonly bus?: string } = {},
) {
  const all = [
    ...command(),
    '--key-field',
    keyField,
    ...args,
    ...(named === undefined ? [] : ['--bus', named]),
  ];
  return run(all, { stdin, ...io });
}

async function consume(count: number): Promise<readonly Consumed[]> {
  const args = ['-t', topic, '-g', 'reader', '--from', 'earliest', '--count', String(count)];
  const { code, stdout } = await run(['consume', ...bus, ...args]);
  expect(code).toBe(0);
  return stdout
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as Consumed);
}

function line(changes: object, more: object = {}): string {
  const course = { course_key: 'course-v1:edX+DemoX.1+2014', display_name: 'Ünïcode' };
  const grade = {
    user_id: 7,
    course,
    course_edited_timestamp: '2026-01-02T03:04:05.678901+00:00',
    course_version: '',
    grading_policy_hash: '',
    percent_grade: 0.5,
    letter_grade: '',
    passed_timestamp: '2026-01-02T03:04:05+00:00',
    ...changes,
  };
  return JSON.stringify({ data: { grade }, ...more });
}
