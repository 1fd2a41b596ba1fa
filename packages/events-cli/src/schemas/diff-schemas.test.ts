import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run, temporaryFolder } from '../run.test-support.js';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

const user = (...fields: object[]) => ({ type: 'record', name: 'User', fields });
const event = (...fields: object[]) => ({ type: 'record', name: 'CloudEvent', fields });
const text = (name: string) => ({ name, type: 'string' });

describe('schema diff', () => {
  it('shows added, removed and changed fields with what they break', async () => {
    const before = event({
      name: 'user',
      type: user(text('name'), text('mode'), { name: 'age', type: 'int' }),
    });
    const after = event({
      name: 'user',
      type: user(text('name'), { name: 'age', type: 'long' }, text('email'), {
        name: 'note',
        type: ['null', 'string'],
        default: null,
      }),
    });
    const { code, stdout, stderr } = await diff(before, after);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'old.avsc → new.avsc',
      expect.stringMatching(/^~ user\.age: int → long: breaks forward compatibility, old code/),
      expect.stringMatching(/^\+ user\.email: string: breaks backward compatibility, new code/),
      '+ user.note: null | string (default null): breaks nothing',
      expect.stringMatching(/^- user\.mode: string: breaks forward compatibility/),
      '',
    ]);
    expect(stderr).toContain('Redis Streams');
  });

  it('sees lists, maps and records that are used twice', async () => {
    const holder = (items: object, values: string) =>
      event(
        { name: 'owner', type: user(...(items as { fields: object[] }).fields) },
        { name: 'users', type: { type: 'array', items: 'User' } },
        { name: 'scores', type: { type: 'map', values } },
      );
    const { stdout } = await diff(
      holder(user(text('name')), 'long'),
      holder(user(text('name'), text('email')), 'string'),
    );
    expect(stdout).toMatch(/^\+ owner\.email: string: breaks backward/m);
    expect(stdout).toMatch(/^\+ users\[\]\.email: string: breaks/m);
    expect(stdout).toMatch(/^~ scores: map<long> → map<string>: breaks backward.*; breaks forward/m);
  });

  it('shows fields that changed places, which breaks nothing for a reader that resolves schemas', async () => {
    const { stdout, stderr } = await diff(event(text('a'), text('b')), event(text('b'), text('a')));
    expect(stdout).toContain('~ the event: order a, b → b, a: breaks nothing\n');
    expect(stderr).toContain('misread');
  });

  it('shows a record that was renamed', async () => {
    const renamed = { ...user(text('name')), name: 'Person' };
    const { stdout } = await diff(
      event({ name: 'user', type: user(text('name')) }),
      event({ name: 'user', type: renamed }),
    );
    expect(stdout).toMatch(/^~ user: User → Person: breaks backward/m);
  });

  it('ends on recursive records', async () => {
    const tree = event({ name: 'parent', type: ['null', 'CloudEvent'], default: null });
    expect((await diff(tree, tree)).stdout).toContain('no differences');
  });

  it('compares an event with a file, or with the folder that contains it', async () => {
    const type = 'org.openedx.learning.badge.awarded.v1';
    await run(['schema', 'generate', type, '--out', folder.path]);
    const file = join(folder.path, 'org+openedx+learning+badge+awarded+v1_schema.avsc');
    for (const against of [folder.path, file]) {
      const same = await run(['schema', 'diff', type, '--against', against]);
      expect(same).toEqual({ code: 0, stdout: `${file} → ${type}\nno differences\n`, stderr: '' });
    }
    writeFileSync(
      file,
      JSON.stringify(event({ name: 'badge', type: { ...user(text('uuid')), name: 'BadgeData' } })),
    );
    const changed = await run(['schema', 'diff', type, '--against', folder.path]);
    expect(changed.stdout).toMatch(/^\+ badge\.user: UserData: breaks backward/m);
    expect(changed.stdout).toMatch(/^\+ badge\.template: BadgeTemplateData: breaks backward/m);
  });

  it.each([
    [['org.openedx.learning.badge.awarded.v1'], 2, '--against'],
    [['a.avsc', 'b.avsc', '--against', 'c'], 2, '--against'],
    [['a.avsc', 'b.avsc'], 1, 'a.avsc: there is no such file'],
    [['org.openedx.learning.badge.awardet.v1', '--against', '.'], 1, 'did you mean'],
    [
      ['org.openedx.content_authoring.course.certificate_config.changed.v1', '--against', '.'],
      1,
      'must stay in its process',
    ],
  ])('refuses %j', async (args, code, hint) => {
    const refused = await run(['schema', 'diff', ...args], { cwd: folder.path });
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(hint);
  });
});

function diff(before: object, after: object) {
  writeFileSync(join(folder.path, 'old.avsc'), JSON.stringify(before));
  writeFileSync(join(folder.path, 'new.avsc'), JSON.stringify(after));
  return run(['schema', 'diff', 'old.avsc', 'new.avsc'], { cwd: folder.path });
}
