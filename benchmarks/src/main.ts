import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { XBLOCK_PUBLISHED } from '@openedx-ts/events-catalog/content-authoring/xblock-published';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { codecSubjects } from './codec-subjects.js';
import { measure, median, type Rates, ratio } from './measure.js';
import { measurePython, type PythonRates } from './python-peer.js';
import { sampleEnrollment, sampleXBlock } from './sample-event.js';
import { sendSubjects } from './send-subjects.js';

const unknown = process.argv.slice(2).filter((argument) => argument !== '--write');
if (unknown.length > 0) {
  process.stderr.write(
    `unknown argument ${unknown.join(' ')}: the only one is --write, which updates benchmarks/README.md\n`,
  );
  process.exit(2);
}

const timing = { rounds: 9, roundMs: 200 };
const codec = await codecSubjects(erased(COURSE_ENROLLMENT_CREATED), sampleEnrollment);
const codecRates = await measure(codec.subjects, timing);
const keys = await codecSubjects(erased(XBLOCK_PUBLISHED), sampleXBlock);
const keyRates = await measure(keys.subjects, timing);
const sendRates = await measure(sendSubjects(), timing);
const python = await measurePython();
const table = describe(codecRates, sendRates, python);
process.stdout.write(`${table}\n`);
if (process.argv.includes('--write')) writeInto(new URL('../README.md', import.meta.url), table);

function describe(codecs: Rates, sends: Rates, peer: PythonRates): string {
  const row = (
    what: string,
    rates: Rates,
    name: string,
    base: string | undefined,
    pythonRate: number | undefined,
  ) => {
    const figure = median(rates.get(name) ?? []);
    const raw = base === undefined ? '–' : `${ratio(rates, name, base).toFixed(2)} × ${base}`;
    const times = pythonRate === undefined ? '–' : `${(figure / pythonRate).toFixed(0)} ×`;
    return `| ${what} | ${thousands(figure)} | ${raw} | ${times} |`;
  };
  const rates = 'missing' in peer ? undefined : peer;
  return [
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}; median of ${timing.rounds} rounds, taken in turn; one event of ${codec.bytes} bytes.`,
    'missing' in peer ? `Python was not measured: ${peer.missing}` : `Peer: ${peer.version}.`,
    '',
    '| what | per second | against | against Python |',
    '|---|---|---|---|',
    row('encode (conversion, checks)', codecs, 'encode', 'avsc toBuffer', rates?.encode),
    row('check as `sendEvent` does, then encode', codecs, 'check and encode', 'avsc toBuffer', rates?.encode),
    row('decode (conversion, checks, limits)', codecs, 'decode', 'avsc fromBuffer', rates?.decode),
    row(`encode an event of two keys, ${keys.bytes} bytes`, keyRates, 'encode', 'avsc toBuffer', undefined),
    row(`decode an event of two keys, ${keys.bytes} bytes`, keyRates, 'decode', 'avsc fromBuffer', undefined),
    row(
      '`sendEvent`, one sync receiver (check, metadata)',
      sends,
      'sendEvent',
      'emittery emit',
      rates?.sendEvent,
    ),
    row('`EventEmitter` emit, one listener (neither)', sends, 'EventEmitter emit', undefined, undefined),
    row('emittery emit, one listener (neither)', sends, 'emittery emit', 'EventEmitter emit', undefined),
  ].join('\n');
}

function thousands(figure: number): string {
  return Math.round(figure).toLocaleString('en-US');
}

function writeInto(file: URL, text: string): void {
  const path = fileURLToPath(file);
  const before = readFileSync(path, 'utf8');
  writeFileSync(path, before.replace(/(<!-- table -->\n)[\s\S]*(<!-- \/table -->)/, `$1${text}\n$2`));
}

/** Benchmarks do not care which fields a signal has. */
function erased(signal: unknown): OpenEdxPublicSignal {
  return signal as OpenEdxPublicSignal;
}
