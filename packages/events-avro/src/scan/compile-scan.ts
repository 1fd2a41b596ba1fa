import type { RecordNode, SchemaNode } from '../schema/schema-node.js';
import { leastSize } from './least-size.js';
import { REFUSED, refuse, type Scan, type ScanState } from './scan-state.js';
import { scanText } from './scan-text.js';
import { scanInt, scanLength, scanLong, scanSafeLong, scanVarint } from './scan-varint.js';

/** Values may be nested this deep. */
export const MAX_DEPTH = 64;

/** Compiles a schema into a function that checks bytes written with it; the checks are those of `scanRecord`. */
export function compileScan(schema: SchemaNode, unsafeIntegers: 'refuse' | 'bigint'): Scan {
  const records = new Map<SchemaNode, Scan>();
  const long = unsafeIntegers === 'refuse' ? scanSafeLong : scanLong;

  const compile = (node: SchemaNode): Scan => {
    switch (node.kind) {
      case 'null':
        return scanNull;
      case 'boolean':
        return scanBoolean;
      case 'int':
        return scanInt;
      case 'long':
        return long;
      case 'float':
        return scanFixed(4);
      case 'double':
        return scanFixed(8);
      case 'fixed':
        return scanFixed(node.size);
      case 'string':
        return scanText;
      case 'bytes':
        return node.isText === true ? scanText : scanBytes;
      case 'enum':
        return scanEnum(node.symbols.length);
      case 'union':
        return scanUnion(node.branches.map(compile));
      case 'never':
        return scanNever;
      case 'array':
        return scanArray(compile(node.items), leastSize(node.items));
      case 'map':
        return scanMap(compile(node.values), leastSize(node.values));
      case 'record':
        return compileRecord(node);
    }
  };

  /** A record may hold itself: its scan exists before those of its fields. */
  const compileRecord = (node: RecordNode): Scan => {
    const known = records.get(node);
    if (known !== undefined) return known;
    const fields: Scan[] = [];
    const names: string[] = node.fields.map(({ name }) => name);
    const scan = scanFields(fields, names, node.readFields ?? node.fields.length);
    records.set(node, scan);
    for (const field of node.fields) fields.push(compile(field.node));
    return scan;
  };

  return compile(schema);
}

const scanNull: Scan = (_state, at) => at;

const scanBoolean: Scan = (state, at) => {
  if (at >= state.end) return refuse(state, 'the bytes end inside a value');
  return (state.bytes[at] as number) <= 1 ? at + 1 : refuse(state, 'a boolean is neither 0 nor 1');
};

const scanNever: Scan = (state) => refuse(state, 'the writer used a type that ours cannot hold here');

const scanBytes: Scan = (state, at) => {
  const start = scanLength(state, at);
  if (start < 0) return start;
  state.cost += 200 + state.number;
  return start + state.number;
};

function scanFixed(size: number): Scan {
  return (state, at) => {
    state.cost += size + 8;
    return state.end - at >= size ? at + size : refuse(state, 'the bytes end inside a value');
  };
}

function scanEnum(symbols: number): Scan {
  return (state, at) => {
    const next = scanVarint(state, at);
    if (next < 0) return next;
    return state.number >= 0 && state.number < symbols
      ? next
      : refuse(state, 'an enum index is out of range');
  };
}

function scanUnion(branches: readonly Scan[]): Scan {
  const [first, second] = branches;
  return (state, at) => {
    const byte = at < state.end ? state.bytes[at] : undefined;
    if (byte === 0) return (first as Scan)(state, at + 1);
    if (byte === 2 && second !== undefined) return second(state, at + 1);
    const next = scanVarint(state, at);
    if (next < 0) return next;
    const branch = branches[state.number];
    return branch === undefined ? refuse(state, 'a union index is out of range') : branch(state, next);
  };
}

function scanFields(fields: readonly Scan[], names: readonly string[], readFields: number): Scan {
  const values = names.length;
  const cost = 24 + 8 * readFields;
  return (state, at) => {
    state.values += values;
    state.cost += cost;
    state.depth += 1;
    if (state.values > state.maxValues) return tooManyValues(state);
    if (state.depth > MAX_DEPTH) return tooDeep(state);
    let next = at;
    for (let index = 0; index < fields.length; index += 1) {
      next = (fields[index] as Scan)(state, next);
      if (next < 0) {
        state.path.push(names[index] as string);
        return REFUSED;
      }
    }
    state.depth -= 1;
    return next;
  };
}

function scanArray(item: Scan, itemSize: number): Scan {
  return scanBlocks(itemSize, 32, 16, (state, at, count, done) => {
    let next = at;
    for (let index = 0; index < count; index += 1) {
      next = item(state, next);
      if (next < 0) {
        state.path.push(String(done + index));
        return REFUSED;
      }
    }
    return next;
  });
}

function scanMap(value: Scan, valueSize: number): Scan {
  return scanBlocks(valueSize + 1, 56, 88, (state, at, count, done) => {
    let next = at;
    for (let index = 0; index < count; index += 1) {
      const key = next;
      next = scanText(state, key);
      if (next >= 0 && isProto(state, key, next)) next = refuse(state, 'the key __proto__ is not allowed');
      if (next >= 0) next = value(state, next);
      if (next < 0) {
        // By its place, not by its key: keys are data, and errors are logged.
        state.path.push(String(done + index));
        return REFUSED;
      }
    }
    return next;
  });
}

type ScanItems = (state: ScanState, at: number, count: number, done: number) => number;

/** Lists and maps come in blocks of counted items, the last one empty; a negative count has the block's size behind. */
function scanBlocks(itemSize: number, cost: number, itemCost: number, scanItems: ScanItems): Scan {
  return (state, at) => {
    state.cost += cost;
    state.depth += 1;
    if (state.depth > MAX_DEPTH) return tooDeep(state);
    let next = at;
    let done = 0;
    for (;;) {
      next = scanVarint(state, next);
      if (next < 0) return next;
      let count = state.number;
      if (count === 0) break;
      let size = -1;
      if (count < 0) {
        count = -count;
        next = scanLength(state, next);
        if (next < 0) return next;
        size = state.number;
      }
      // Items of no size take no bytes, but time: they may be as many as there are bytes.
      if (count * Math.max(itemSize, 1) > state.end - next) {
        return refuse(state, 'a count is greater than what is left can hold');
      }
      state.values += count;
      state.cost += count * itemCost;
      if (state.values > state.maxValues) return tooManyValues(state);
      const start = next;
      next = scanItems(state, next, count, done);
      if (next < 0) return next;
      if (size >= 0 && next - start !== size) return refuse(state, 'a block has not the size it states');
      done += count;
    }
    state.depth -= 1;
    return next;
  };
}

function tooManyValues(state: ScanState): number {
  return refuse(state, `there are more than ${state.maxValues} values: raise maxValues if that is right`);
}

function tooDeep(state: ScanState): number {
  return refuse(state, `values are nested deeper than ${MAX_DEPTH} levels`);
}

/** Whether the text between two positions is `__proto__`, whatever form its length has. */
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
