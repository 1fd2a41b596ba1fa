import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { closedReader, run, temporaryFolder } from '../run.test-support.js';

const type = 'org.openedx.learning.badge.awarded.v1';
const file = 'org+openedx+learning+badge+awarded+v1_schema.avsc';
const folder = temporaryFolder();
const path = join(folder.path, file);

afterAll(() => folder[Symbol.dispose]());

beforeEach(async () => {
  const made = await run(['schema', 'generate', '--all', '--force', '--out', folder.path]);
  expect(made.code).toBe(0);
});

describe('schema check', () => {
  it('passes with a summary when every schema equals its file', async () => {
    expect(await check()).toEqual({
      code: 0,
      stdout: `OK            73 schema(s) checked against ${folder.path}, mode full\n`,
      stderr: '',
    });
  });

  it('fails when a file was deleted, and names it', async () => {
    rmSync(path);
    const { code, stdout, stderr } = await check();
    expect(code).toBe(1);
    expect(stdout).toBe(`missing       ${file}: there is no schema file of ${type}: run schema generate\n`);
    expect(stderr).toContain('1 problem(s), listed on stdout [CLI_CHECK_FAILED]');
  });

  it('fails although its reader closes stdout before the end', async () => {
    rmSync(path);
    const { code, stderr } = await run(['schema', 'check', '--against', folder.path], {
      stdout: closedReader(),
    });
    expect(code).toBe(1);
    expect(stderr).toContain('[CLI_CHECK_FAILED]');
  });

  it('fails when the type of a field changed, and names the field', async () => {
    edit('"uuid",\n            "type": "string"', '"uuid",\n            "type": "long"');
    const { code, stdout } = await check();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^incompatible {2}\S+: badge\.uuid: breaks backward compatibility/m);
    expect(stdout).toMatch(/^incompatible {2}\S+: badge\.uuid: breaks forward compatibility/m);
  });

  it('checks one direction with --mode', async () => {
    // As if the file had been written before the event got its field `uuid`.
    edit('"name": "uuid"', '"name": "uuid", "default": ""');
    expect((await check('--mode', 'backward')).code).toBe(0);
    edit('"name": "uuid"', '"name": "id"');
    expect((await check('--mode', 'backward')).stdout).toMatch(/badge\.uuid: breaks backward/);
    expect((await check('--mode', 'backward')).code).toBe(1);
    expect((await check('--mode', 'forward')).code).toBe(0);
  });

  it('reports a file that is compatible but not the same, and passes', async () => {
    edit('"name": "uuid"', '"name": "uuid", "default": ""');
    const { code, stdout } = await check();
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^changed {7}${file.replaceAll('+', '\\+')}: .*\nOK `));
  });

  it('does not mind another layout of the text', async () => {
    writeFileSync(path, JSON.stringify(JSON.parse(readFileSync(path, 'utf8'))));
    expect((await check()).stdout).toMatch(/^OK/);
  });

  it('reports files of no known event, and passes', async () => {
    const extra = join(folder.path, 'org+openedx+gone+v1_schema.avsc');
    writeFileSync(extra, '{}');
    const { code, stdout } = await check();
    rmSync(extra);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^extra {9}org\+openedx\+gone\+v1_schema\.avsc/);
  });

  it('checks only the types of --types', async () => {
    rmSync(path);
    const other = 'org.openedx.learning.badge.revoked.v1';
    expect((await check('--types', other)).stdout).toMatch(/^OK {12}1 schema/);
    expect((await check('--types', other, type)).code).toBe(1);
    expect((await check('--types', 'org.openedx.learning.badge.*')).stdout).toContain(file);
    expect((await check('--types', 'org.openedx.nothing.*')).stderr).toContain('no event type matches');
  });

  it('refuses a file that is no schema, and a folder that is not there', async () => {
    writeFileSync(path, '{"type": "record"');
    expect((await check()).stderr).toMatch(/schema\.avsc: not an Avro schema: .*\[CLI_FILE\]/);
    const nowhere = await run(['schema', 'check', '--against', 'nowhere']);
    expect(nowhere.code).toBe(1);
    expect(nowhere.stderr).toContain('there is no such file or folder');
  });
});

function check(...args: string[]) {
  return run(['schema', 'check', '--against', folder.path, ...args]);
}

function edit(from: string, to: string) {
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}
