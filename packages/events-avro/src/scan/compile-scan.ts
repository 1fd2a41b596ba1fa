import type { RecordNode, SchemaNode } from '../schema/schema-node.js';
import { leastSize } from './least-size.js';
import { scanArray } from './scan-array.js';
import { scanMap } from './scan-map.js';
import { MAX_DEPTH, REFUSED, refuse, refuseCount, refuseDepth, type Scan } from './scan-state.js';
import { scanText } from './scan-text.js';
import { scanInt, scanLength, scanLong, scanSafeLong, scanVarint } from './scan-varint.js';

/** Compiles a schema to a function that checks bytes written with it; `scanRecord` lists the checks. */
export function compileScan(schema: SchemaNode, unsafeIntegers: 'refuse' | 'bigint'): Scan {
  const long = unsafeIntegers === 'refuse' ? scanSafeLong : scanLong;
  return compiler(long, compiler(scanLong))(schema);
}

/**
 * Makes a function that compiles nodes of one schema.
 *
 * @param compileSkipped compiles fields that the reader skips: it never sees their integers, so each may have 64 bits
 */
function compiler(long: Scan, compileSkipped?: (node: SchemaNode) => Scan): (node: SchemaNode) => Scan {
  const records = new Map<SchemaNode, Scan>();

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
        return node.isBytes === true ? scanTextAsBytes : scanText;
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

  /** A record may contain itself, so its scan is registered before those of its fields are compiled. */
  const compileRecord = (node: RecordNode): Scan => {
    const known = records.get(node);
    if (known !== undefined) return known;
    const fields: Scan[] = [];
    const scan = scanFields(fields, node);
    records.set(node, scan);
    for (const field of node.fields) {
      const isSkipped = field.isSkipped === true && compileSkipped !== undefined;
      fields.push(isSkipped ? scanSkipped(compileSkipped(field.node)) : compile(field.node));
    }
    return scan;
  };

  return compile;
}

const scanNull: Scan = (_state, at) => at;

const scanBoolean: Scan = (state, at) => {
  if (at >= state.end) return refuse(state, 'the bytes end inside a value');
  return (state.bytes[at] as number) <= 1 ? at + 1 : refuse(state, 'a boolean is neither 0 nor 1');
};

const scanNever: Scan = (state) =>
  refuse(state, 'the writer used a union branch that our schema does not accept here');

const scanBytes: Scan = (state, at) => {
  const start = scanLength(state, at);
  if (start < 0) return start;
  state.cost += 200 + state.number;
  return start + state.number;
};

const scanTextAsBytes: Scan = (state, at) => {
  state.cost += 200;
  return scanText(state, at);
};

/** Skipped values take no memory, so they do not count. */
function scanSkipped(scan: Scan): Scan {
  return (state, at) => {
    const { cost, isAscii } = state;
    const next = scan(state, at);
    state.cost = cost;
    state.isAscii = isAscii;
    return next;
  };
}

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

function scanFields(fields: readonly Scan[], node: RecordNode): Scan {
  const names = node.fields.map(({ name }) => name);
  const isText = node.fields.map(
    ({ node, isSkipped }) => node.kind === 'string' && node.isBytes !== true && isSkipped !== true,
  );
  const values = names.length;
  const cost = 24 + 8 * (node.readFields ?? values);
  return (state, at) => {
    state.values += values;
    state.cost += cost;
    state.depth += 1;
    if (state.values > state.maxValues) return refuseCount(state);
    if (state.depth > MAX_DEPTH) return refuseDepth(state);
    let next = at;
    for (let index = 0; index < values; index += 1) {
      // Most fields are text; a direct call can be inlined.
      next = isText[index] === true ? scanText(state, next) : (fields[index] as Scan)(state, next);
      if (next < 0) {
        state.path.push(names[index] as string);
        return REFUSED;
      }
    }
    state.depth -= 1;
    return next;
  };
}
