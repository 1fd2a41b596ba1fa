import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from './journal.js';
import type { JournalLine } from './journal-line.js';
import { JournalReader } from './journal-reader.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  file = join(folder, 'consumer-1.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const offered: JournalLine = ['offered', 1.5, 'id-1', 'k', 0];
const finished: JournalLine = ['finished', 2.25, 'id-1'];

describe('openJournal', () => {
  it('has written its lines when it returns', () => {
    using journal = openJournal(file);
    using reader = new JournalReader(file);
    journal.write(offered, finished);
    expect(reader.read()).toEqual([offered, finished]);
  });

  it('refuses to go on with the journal of another process', () => {
    writeFileSync(file, '');
    expect(() => openJournal(file)).toThrow('EEXIST');
  });
});

describe('JournalReader', () => {
  it('reads what was added since', () => {
    using journal = openJournal(file);
    using reader = new JournalReader(file);
    expect(reader.read()).toEqual([]);
    journal.write(offered);
    expect(reader.read()).toEqual([offered]);
    expect(reader.read()).toEqual([]);
    journal.write(finished);
    expect(reader.read()).toEqual([finished]);
  });

  it('finds nothing while there is no journal', () => {
    expect(new JournalReader(file).read()).toEqual([]);
  });

  it('leaves a line until it is whole', () => {
    using reader = new JournalReader(file);
    writeFileSync(file, `${JSON.stringify(offered)}\n["fini`);
    expect(reader.read()).toEqual([offered]);
    appendFileSync(file, 'shed",2.25,"id-1"]\n');
    expect(reader.read()).toEqual([finished]);
  });
});
