import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { closedReader, run, temporaryFolder } from '../run.test-support.js';

const awarded = 'org.openedx.learning.badge.awarded.v1';
const awardedFile = 'org+openedx+learning+badge+awarded+v1_schema.avsc';
const definitionsFile = 'definitions.json';
const localOnly = 'org.openedx.content_authoring.course.certificate_config.changed.v1';

describe('schema generate', () => {
  it('writes the schema of each named event into a folder that it makes', async () => {
    using folder = temporaryFolder();
    const { code, stdout } = await run(['schema', 'generate', awarded, '--out', 'new/schemas'], {
      cwd: folder.path,
    });
    const paths = [awardedFile, definitionsFile].map((name) => `${join('new/schemas', name)}\n`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: paths.join('') });
    const text = readFileSync(join(folder.path, 'new/schemas', awardedFile), 'utf8');
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
    expect(JSON.parse(text)).toMatchObject({ name: 'CloudEvent', namespace: awarded });
  });

  it('writes all events except local-only ones, which it names', async () => {
    using folder = temporaryFolder();
    const { code, stderr } = await run(['schema', 'generate', '--all', '--out', folder.path]);
    expect(code).toBe(0);
    expect(readdirSync(folder.path).filter((name) => name !== definitionsFile)).toHaveLength(73);
    expect(stderr).toContain(`note: ${localOnly} has no schema because it must stay in its process`);
  });

  it('refuses an event that must stay in its process, with the reason', async () => {
    using folder = temporaryFolder();
    const { code, stderr } = await run(['schema', 'generate', localOnly, '--out', folder.path]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/must stay in its process: .+ \[CLI_LOCAL_ONLY\]/);
  });

  it('overwrites nothing without --force, names the files, and writes nothing at all', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, awardedFile), 'mine');
    const args = [
      'schema',
      'generate',
      awarded,
      'org.openedx.learning.badge.revoked.v1',
      '--out',
      folder.path,
    ];
    const refused = await run(args);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`overwrites them): ${awardedFile}`);
    expect(refused.stderr).not.toContain('revoked');
    expect(readdirSync(folder.path)).toEqual([awardedFile]);
    expect(readFileSync(join(folder.path, awardedFile), 'utf8')).toBe('mine');

    expect((await run([...args, '--force'])).code).toBe(0);
    expect(readdirSync(folder.path)).toHaveLength(3);
    expect(readFileSync(join(folder.path, awardedFile), 'utf8')).not.toBe('mine');
  });

  it('writes every file although the reader of its paths closes stdout after the first', async () => {
    using folder = temporaryFolder();
    const reader = closedReader();
    const args = [
      'schema',
      'generate',
      awarded,
      'org.openedx.learning.badge.revoked.v1',
      '--out',
      folder.path,
    ];
    const { code, stderr } = await run(args, { stdout: reader });
    expect({ code, stderr }).toEqual({ code: 0, stderr: `2 schema file(s) written to ${folder.path}\n` });
    expect(readdirSync(folder.path)).toHaveLength(3);
    expect(readdirSync(folder.path)).toContain(definitionsFile);
  });

  it('names the nearest event type for one that is unknown', async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, 'none');
    const { code, stderr } = await run([
      'schema',
      'generate',
      'org.openedx.learning.badge.awardet.v1',
      '--out',
      out,
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain(`did you mean ${awarded}?`);
    expect(existsSync(out)).toBe(false);
  });

  it.each([[[]], [['--all', awarded]]])('asks for event types or --all instead of %j', async (args) => {
    const { code, stderr } = await run(['schema', 'generate', ...args, '--out', 'nowhere']);
    expect(code).toBe(2);
    expect(stderr).toContain('--all');
  });

  it('reports it when the folder cannot be made', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'file'), '');
    const { code, stderr } = await run([
      'schema',
      'generate',
      awarded,
      '--out',
      join(folder.path, 'file/out'),
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*[\\/]file[\\/]out.*: .*\[CLI_FILE\]\n$/);
  });
});
