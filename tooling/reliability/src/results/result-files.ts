import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyRecord } from './run-record.js';

/** Keeps the record of a run in a file of its own. @returns the file's name */
export function addResultFile(folder: string, record: AnyRecord): string {
  const { size, date, result } = record;
  const name = `${result.scenario}.${result.bus}.${size}.${date.replaceAll(':', '-').replace(/\.\d+/, '')}.json`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `${JSON.stringify(record, undefined, 2)}\n`, { flag: 'wx' });
  return name;
}

/** The records of all runs, the oldest first. */
export function readResultFiles(folder: string): readonly AnyRecord[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as AnyRecord)
    .sort((one, other) => Date.parse(one.date) - Date.parse(other.date));
}
