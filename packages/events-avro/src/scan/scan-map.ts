import { scanBlocks } from './scan-blocks.js';
import { REFUSED, refuse, type Scan, type ScanState } from './scan-state.js';
import { scanText } from './scan-text.js';
import { scanLength } from './scan-varint.js';

/**
 * Compiles the scan of a map. The heap cost of an entry depends on the keys before it: the engine keeps a hidden class,
 * about half a kilobyte, for every new sequence of keys, and a slot for an entry whose sequence is known. Above a number
 * of entries the engine uses a dictionary instead.
 */
export function scanMap(value: Scan, leastValue: number): Scan {
  return scanBlocks({
    leastSize: leastValue + 1,
    emptyCost: 56,
    blockCost: () => 0,
    scan(state, at, count, done) {
      let next = at;
      let keys = FIRST_HASH;
      for (let index = 0; index < count; index += 1) {
        const key = next;
        next = scanText(state, key);
        if (next >= 0 && isProto(state, key, next)) next = refuse(state, 'the key __proto__ is not allowed');
        if (next >= 0) {
          keys = hash(state.bytes, key, next, keys);
          if (done + index >= DICTIONARY_ENTRIES) state.cost += 72;
          else state.cost += done === 0 && isKnown(state, keys) ? 16 : 450;
          next = value(state, next);
        }
        if (next < 0) {
          // The index instead of the key: keys are data, and errors are logged.
          state.path.push(String(done + index));
          return REFUSED;
        }
      }
      return next;
    },
  });
}

/** The engine stores objects with more entries than this, added by key, as dictionaries. */
const DICTIONARY_ENTRIES = 24;

/** Hashes of the key sequences seen in this scan. When another sequence overwrites a slot, the first counts again. */
const seenHashes = new Int32Array(1024);
const seenScans = new Int32Array(1024);

function isKnown(state: ScanState, keys: number): boolean {
  const slot = keys & 1023;
  if (seenHashes[slot] === keys && seenScans[slot] === state.scan) return true;
  seenHashes[slot] = keys;
  seenScans[slot] = state.scan;
  return false;
}

const FIRST_HASH = 0x811c9dc5 | 0;

/** FNV-1a over the key with its length prefix. */
function hash(bytes: Uint8Array, start: number, end: number, before: number): number {
  let value = before;
  for (let index = start; index < end; index += 1)
    value = Math.imul(value ^ (bytes[index] as number), 0x01000193);
  return value;
}

/** Whether the text between two positions is `__proto__`, in whatever varint form its length is written. */
function isProto(state: ScanState, start: number, end: number): boolean {
  const { bytes } = state;
  if (end < 10 || bytes[end - 1] !== UNDERSCORE || bytes[end - 5] !== LETTER_O) return false;
  for (let index = 0; index < 9; index += 1) if (bytes[end - 9 + index] !== PROTO[index]) return false;
  scanLength(state, start);
  return state.number === 9;
}

const UNDERSCORE = 0x5f;
const LETTER_O = 0x6f;
const PROTO = Array.from('__proto__', (letter) => letter.charCodeAt(0));
