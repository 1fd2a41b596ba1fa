import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, temporaryFolder } from '../run.test-support.js';
import { loadDriver } from './load-driver.js';

describe('outbox commands', () => {
  it.each([
    [['status'], 'no database is named: give --database postgres://HOST:5432/NAME, or set DATABASE_URL'],
    [['status', '--database', 'sqlite://secret-word'], '--database is no URL of a database'],
    [['status', '--database', 'secret-word'], '--database is no URL of a database'],
    [['show', '--position', '1x'], 'a whole number'],
    [['purge', '--yes'], '--older-than'],
    [['purge', '--older-than', '7'], '7d, 12h, 30min, 90s or 500ms'],
    [['relay', '--when-parked', 'stop'], 'go-on, hold-key'],
    [['relay', '--batch', '0'], 'a whole number, 1 or more'],
    [['relay', '--bus', 'null'], 'outbox relay: nobody would receive what is sent through the bus null'],
    [['relay', '--bus', 'memory'], 'outbox relay: nobody would receive what is sent through the bus memory'],
    [['migrate', '--from', '1'], '--from is for --print'],
    [['migrate', '--dialect', 'mysql'], '--dialect is for --print'],
    [['relay', '--lease', '10'], '7d, 12h, 30min, 90s or 500ms'],
    [['migrate', '--print', '--dialect', 'sqlite'], 'postgres, mysql'],
    [['migrate', '--print', '--dialect', 'mysql', '--table', 'a b'], 'must be a plain name'],
    [['discard', '--all'], 'add --yes to confirm'],
    [['redriv'], 'Did you mean redrive?'],
  ])('answers %j with exit code 2 and what is possible', async (args, hint) => {
    const { code, stdout, stderr } = await run(['outbox', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain('secret-word');
  });

  it('names DATABASE_URL when that is wrong, without its text', async () => {
    const { code, stderr } = await run(['outbox', 'status'], {
      env: { DATABASE_URL: 'oracle://secret-word' },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('DATABASE_URL is no URL of a database that has an outbox');
    expect(stderr).not.toContain('secret-word');
  });

  it.each([
    ['postgres', /^BEGIN;\n[\s\S]*CREATE TABLE event_outbox \([\s\S]*\nCOMMIT;\n$/],
    ['mysql', /^CREATE TABLE [\s\S]*CREATE TABLE IF NOT EXISTS event_outbox \(/],
  ])('prints the statements of %s and connects to nothing', async (dialect, text) => {
    const named = await run(['outbox', 'migrate', '--print', '--dialect', dialect]);
    expect(named).toMatchObject({ code: 0, stdout: expect.stringMatching(text), stderr: '' });
    const database = ['--database', `${dialect}://nobody@unknown.invalid/x`];
    expect(await run(['outbox', 'migrate', '--print', ...database])).toEqual(named);
    const later = await run(['outbox', 'migrate', '--print', '--dialect', dialect, '--from', '999']);
    expect(later.stdout).not.toContain('event_outbox (');
  });

  it.each([
    ['pg', 'postgres'],
    ['mysql2', 'mysql'],
  ])('use the %s of the project in the working directory', async (name, scheme) => {
    using folder = temporaryFolder();
    const home = join(folder.path, 'node_modules', name);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'index.cjs'), driver);
    writeFileSync(
      join(home, 'package.json'),
      JSON.stringify({ name, main: 'index.cjs', exports: exportsOf }),
    );
    const database = ['--database', `${scheme}://ann@127.0.0.1/lms`];
    const { code, stderr } = await run(['outbox', 'status', ...database], { cwd: folder.path });
    expect(code).toBe(1);
    expect(stderr).toContain('this is the driver of the project');
  });

  it('names the driver that is not installed, and the command that installs it', async () => {
    using folder = temporaryFolder();
    await expect(loadDriver('no-such-driver/promise', folder.path)).rejects.toMatchObject({
      code: 'CLI_DRIVER',
      message: `the package no-such-driver is not installed in ${folder.path}: npm install no-such-driver`,
    });
  });
});

const exportsOf = { '.': './index.cjs', './promise': './index.cjs' };
const driver = `
function refuse() { throw new Error('this is the driver of the project'); }
module.exports = { Pool: refuse, createPool: refuse };
`;
