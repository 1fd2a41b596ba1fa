import { InvalidOptionsError } from '@openedx-ts/events-core';
import { parseSchema } from '../schema/parse-schema.js';
import { SchemaError } from '../schema/schema-error.js';
import type { SchemaNode } from '../schema/schema-node.js';
import { resolveSchemas } from './resolve-schemas.js';

/** A schema as text or as a JSON object. */
export type SchemaInput = string | object;

/** The schemas to compare, and the direction. */
export interface CompatibilityQuestion {
  /** The published schema, or all published versions, oldest first: the check is then transitive. */
  readonly old: SchemaInput | readonly SchemaInput[];
  /** The schema to publish. */
  readonly new: SchemaInput;
  /**
   * `'backward'`: new code reads old data. `'forward'`: old code reads new data. `'full'`: both, as ADRs 6 and 7 of
   * the reference require. @defaultValue 'full'
   */
  readonly mode?: 'backward' | 'forward' | 'full';
}

/** Whether the schemas are compatible, and every reason why they are not. */
export interface CompatibilityVerdict {
  readonly compatible: boolean;
  readonly problems: readonly CompatibilityProblem[];
}

/** A reason why code with one schema cannot read data written with another. */
export interface CompatibilityProblem {
  /** Dotted path of the field; `[]` means the items of a list, `{}` the values of a map. */
  readonly path: string;
  readonly direction: 'backward' | 'forward';
  /** The reason in words. */
  readonly message: string;
  /** Index of the old version, from 0. */
  readonly version: number;
}

/**
 * Checks whether a new schema is compatible with old ones, by the resolution rules of Avro. It compares schemas, not
 * data: a change that breaks only some data is a problem too, e.g. a field that may now be null. Aliases are ignored,
 * because the Python peers write none. Only defaults in the schema count.
 *
 * @throws InvalidOptionsError when one of them is not an Avro schema
 */
export function checkCompatibility(question: CompatibilityQuestion): CompatibilityVerdict {
  const { mode = 'full' } = question;
  const versions = Array.isArray(question.old) ? question.old : [question.old];
  const next = schemaNode(question.new, 'new');
  const problems = versions.flatMap((old, version) => {
    const previous = schemaNode(old, Array.isArray(question.old) ? `old.${version}` : 'old');
    return [
      ...(mode === 'forward' ? [] : problemsOf(next, previous, 'backward', version)),
      ...(mode === 'backward' ? [] : problemsOf(previous, next, 'forward', version)),
    ];
  });
  return { compatible: problems.length === 0, problems };
}

function problemsOf(
  reader: SchemaNode,
  writer: SchemaNode,
  direction: 'backward' | 'forward',
  version: number,
): CompatibilityProblem[] {
  const parties =
    direction === 'backward'
      ? { reader: 'the new schema', writer: 'the old schema' }
      : { reader: 'the old schema', writer: 'the new schema' };
  return resolveSchemas(reader, writer, parties).mismatches.map(({ path, reason }) => ({
    path,
    direction,
    message: reason,
    version,
  }));
}

function schemaNode(schema: SchemaInput, name: string): SchemaNode {
  try {
    return parseSchema(schema);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw new InvalidOptionsError('checkCompatibility', [{ path: name, message: error.message }]);
  }
}
