import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dataFolder } from './data-folder.js';

describe('dataFolder', () => {
  let memory: string;
  beforeEach(() => {
    memory = mkdtempSync(join(tmpdir(), 'memory-'));
    vi.stubEnv('TMPDIR', '');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(memory, { recursive: true });
  });

  const placeOf = async (neededBytes: number, folder = memory) => {
    const created = await dataFolder('test', { memory: folder, neededBytes });
    if (!created.startsWith(memory)) rmSync(created, { recursive: true });
    return dirname(created);
  };

  it('is in memory where there is room', async () => {
    expect(await placeOf(1)).toBe(memory);
  });

  it('is on the disk where memory is short, or is not offered as a folder', async () => {
    expect(await placeOf(Number.MAX_VALUE)).toBe(tmpdir());
    expect(await placeOf(1, join(memory, 'not-there'))).toBe(tmpdir());
  });

  it('is where TMPDIR names a folder', async () => {
    const named = join(memory, 'named');
    mkdirSync(named);
    vi.stubEnv('TMPDIR', named);
    expect(await placeOf(1)).toBe(named);
  });
});
