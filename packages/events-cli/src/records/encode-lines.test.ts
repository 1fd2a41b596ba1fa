import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { run } from '../run.test-support.js';

const type = 'org.openedx.learning.course.persistent_grade_summary.changed.v1';
const grade = {
  user_id: 7,
  course: { course_key: 'course-v1:edX+DemoX.1+2014', display_name: 'Ünïcode \u2028 line' },
  course_edited_timestamp: '2026-01-02T03:04:05.678901+00:00',
  course_version: '',
  grading_policy_hash: '',
  percent_grade: 0.5,
  letter_grade: '',
  passed_timestamp: '2026-01-02T03:04:05+00:00',
};

describe('encode and decode', () => {
  it('give back what they were given, line for line', async () => {
    const first = await complete(line({}));
    const second = await complete(
      line({ user_id: -1, percent_grade: -0 }).replace('"percent_grade":0', '"percent_grade":-0'),
    );
    expect(second).toContain('"percent_grade":-0,');
    const encoded = await encode([first, second].join('\n'));
    expect(encoded.stdout.split('\n')).toHaveLength(3);
    expect(await decode(encoded.stdout)).toEqual({ code: 0, stdout: `${first}\n${second}\n`, stderr: '' });
  });

  it.each(['encode', 'decode'])(
    'fail when stdout is closed before everything is written: %s',
    async (command) => {
      const stdin = command === 'encode' ? line({}) : (await encode(line({}))).stdout;
      const stdout = new Writable({
        write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
      });
      expect(await run([command, '--type', type, '--format', 'hex'], { stdin, stdout })).toMatchObject({
        code: 1,
        stderr: 'error: stdout was closed before everything was written [CLI_OUTPUT]\n',
      });
    },
  );

  it.each(['9223372036854775807', '-9223372036854775808', '9007199254740993', '0'])(
    'keep the integer %s as it is',
    async (integer) => {
      const record = (await complete(line({}))).replace('"user_id":7', `"user_id":${integer}`);
      const { stdout } = await encode(record);
      expect((await decode(stdout)).stdout).toBe(`${record}\n`);
    },
  );

  it('refuse an integer beyond 64 bits, naming line and field', async () => {
    const { code, stdout, stderr } = await encode(
      line({}).replace('"user_id":7', '"user_id":9223372036854775808'),
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: line 1: .*grade\.user_id: .*\[EVENTS_INVALID_DATA\]/);
    expect(stderr).not.toContain('9223372036854775808');
  });

  it('put the frame of a registry around the bytes, and check it', async () => {
    const bare = (await encode(line({}))).stdout;
    const framed = await encode(line({}), '--frame', '4294967295');
    expect(framed.stdout).toBe(`00ffffffff${bare}`);
    expect((await decode(framed.stdout, '--frame', '4294967295')).code).toBe(0);
    expect((await decode(framed.stdout, '--frame', '7')).stderr).toContain(
      'line 1: the frame has schema id 4294967295, not 7',
    );
    expect((await decode('01000000072a', '--frame', '7')).stderr).toContain('line 1: ');
    expect((await decode('0000', '--frame', '7')).stderr).toContain('EVENTS_UNUSABLE_MESSAGE');
  });

  it('stop at the first line that is refused, after the lines before it', async () => {
    const good = line({});
    const stopped = await encode([good, '', '  ', '{"grade": 1}', good].join('\r\n'));
    expect(stopped.code).toBe(1);
    expect(stopped.stdout).toBe((await encode(good)).stdout);
    expect(stopped.stderr).toContain('line 4: ');
  });

  it.each([
    ['[1]', 'expected one JSON object'],
    ['"secret"', 'expected one JSON object'],
    ['{"grade": secret}', 'not valid JSON (at character 10)'],
    ['{"grade": 1, "grade": 2}', 'an object has a key twice'],
    ['{"grade": 1e999}', 'a number is too large'],
    [line({ percent_grade: 'secret' }), 'grade.percent_grade: expected a number'],
    [line({ course: { course_key: 'secret' } }), 'grade.course.course_key'],
    [line({ grad: 'secret' }), 'grade.grad'],
    ['{"__proto__": {}}', '__proto__'],
  ])('refuse the record %s', async (text, reason) => {
    const { code, stdout, stderr } = await encode(text);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('line 1: ');
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain('secret');
  });

  it('refuse input that is not UTF-8', async () => {
    const { code, stderr } = await run(['encode', '--type', type, '--format', 'hex'], {
      stdin: [Buffer.from('\n{"a": "'), Buffer.from([0xc3, 0x28]), Buffer.from('"}\n')],
    });
    expect(code).toBe(1);
    expect(stderr).toBe('error: line 2: the input is not valid UTF-8 [CLI_INPUT]\n');
  });

  it.each([
    ['abc', 'hex', 'expected bytes as hex'],
    ['zz', 'hex', 'expected bytes as hex'],
    ['YQ-_', 'base64', 'expected bytes as base64'],
    ['00', 'hex', 'EVENTS_DECODING_FAILED'],
  ])('refuse the bytes %s as %s', async (text, format, reason) => {
    const { code, stderr } = await run(['decode', '--type', type, '--format', format], { stdin: text });
    expect(code).toBe(1);
    expect(stderr).toContain('line 1: ');
    expect(stderr).toContain(reason);
  });

  it('refuse NaN, which JSON does not have, with the path of the field', async () => {
    const hex = (await encode(line({ percent_grade: 0.5 }))).stdout.trim();
    const nan = hex.replace('000000000000e03f', '000000000000f87f');
    expect(nan).not.toBe(hex);
    expect((await decode(nan)).stderr).toContain('line 1: grade.percent_grade: a number is NaN or infinite');
  });

  it('accept upper-case hex and base64 without padding', async () => {
    const hex = (await encode(line({}))).stdout.trim();
    const { stdout } = await decode(hex);
    expect((await decode(hex.toUpperCase())).stdout).toBe(stdout);
    const base64 = Buffer.from(hex, 'hex').toString('base64').replaceAll('=', '');
    const decoded = await run(['decode', '--type', type, '--format', 'base64'], { stdin: base64 });
    expect(decoded.stdout).toBe(stdout);
  });

  it.each(['encode', 'decode'])('%s refuses an event that is unknown or local-only', async (command) => {
    const unknown = await run([command, '--type', `${type}x`, '--format', 'hex']);
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain(`did you mean ${type}?`);
    const local = 'org.openedx.content_authoring.course.certificate_config.changed.v1';
    expect((await run([command, '--type', local, '--format', 'hex'])).stderr).toContain(
      'must stay in its process',
    );
  });
});

function line(changes: object): string {
  return JSON.stringify({ grade: { ...grade, ...changes } });
}

function encode(stdin: string, ...args: string[]) {
  return run(['encode', '--type', type, '--format', 'hex', ...args], { stdin });
}

function decode(stdin: string, ...args: string[]) {
  return run(['decode', '--type', type, '--format', 'hex', ...args], { stdin });
}

/** The record with the fields that its shape fills in, as it comes back. */
async function complete(text: string): Promise<string> {
  return (await decode((await encode(text)).stdout)).stdout.trimEnd();
}
