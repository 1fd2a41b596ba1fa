import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCopy } from '../built-copy.test-support.js';
import { run } from '../process/run.js';
import { programOfDebianPackages } from './debian-packages.js';

describe('cachedFolder', () => {
  let module: string;
  let folder: string;

  beforeAll(async () => {
    module = pathToFileURL(join(buildCopy('cache'), 'ladder')).href;
    folder = await mkdtemp(join(tmpdir(), 'brokers-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is filled once when several processes ask at the same time', async () => {
    const name = `test-${process.pid}`;
    const code = `
      import { appendFileSync, writeFileSync } from 'node:fs';
      const { cachedFolder } = await import('${module}/cached-folder.js');
      const found = await cachedFolder('${name}', async (partial) => {
        appendFileSync('${folder}/fills', 'x');
        await new Promise((done) => setTimeout(done, 200));
        writeFileSync(partial + '/whole', '');
      });
      console.log(found.folder);`;
    const runs = await Promise.all([1, 2, 3, 4].map(() => script(code)));
    const found = new Set(runs.map(({ stdout }) => stdout.trim()));
    expect(found.size).toBe(1);
    const [cached = ''] = found;
    expect(readdirSync(cached)).toEqual(['whole']);
    expect(readFileSync(join(folder, 'fills'), 'utf8')).toBe('x');
    expect(existsSync(`${cached}.lock`)).toBe(false);
    rmSync(cached, { recursive: true });
  });

  it('is filled anew when what it has does not hold on this machine', async () => {
    const name = `stale-${process.pid}`;
    const code = `
      import { existsSync, writeFileSync } from 'node:fs';
      const { cachedFolder } = await import('${module}/cached-folder.js');
      const fill = (file) => async (partial) => writeFileSync(partial + '/' + file, '');
      await cachedFolder('${name}', fill('old'));
      const holds = async (folder) => existsSync(folder + '/new');
      await cachedFolder('${name}', fill('new'), holds);
      const found = await cachedFolder('${name}', fill('newer'), holds);
      console.log(found.folder);`;
    const { stdout } = await script(code);
    expect(readdirSync(stdout.trim())).toEqual(['new']);
    rmSync(stdout.trim(), { recursive: true });
  });

  it('is not blocked by a process that died while filling it', async () => {
    const lock = join(folder, 'lock');
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await writeFile(lock, String(child.pid));
    const code = `
      const { withLock } = await import('${module}/with-lock.js');
      console.log(await withLock('${lock}', async () => 'mine'));`;
    const runs = await Promise.all([1, 2, 3].map(() => script(code)));
    expect(runs.map(({ stdout }) => stdout)).toEqual(['mine\n', 'mine\n', 'mine\n']);
    expect(readdirSync(folder).filter((file) => file.startsWith('lock'))).toEqual([]);
  });

  const script = (code: string) =>
    run(process.execPath, ['--input-type=module', '-e', code], { timeoutMs: 10_000 });
});

describe('programOfDebianPackages', () => {
  it('unpacks a server that runs without being installed', async (context) => {
    const found = await programOfDebianPackages(['redis-server', 'redis-tools'], 'usr/bin/redis-server');
    if (typeof found === 'string') return context.skip(found);
    const env = { LD_LIBRARY_PATH: found.libraryPath };
    const { stdout } = await run(found.program, ['--version'], { env, timeoutMs: 10_000 });
    expect(stdout).toMatch(/^Redis server v=/);
  });
});
