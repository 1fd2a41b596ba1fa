import { InvalidOptionsError } from '@openedx-ts/events-core';
import { parseSchema } from '../schema/parse-schema.js';
import { SchemaError } from '../schema/schema-error.js';
import type { SchemaNode } from '../schema/schema-node.js';
import { resolveSchemas } from './resolve-schemas.js';

/** A schema as text or as the JSON object. */
export type SchemaInput = string | object;

/** Which schemas to hold against each other, and how. */
export interface CompatibilityQuestion {
  /** The published schema, or all published versions, oldest first: the check is then transitive. */
  readonly old: SchemaInput | readonly SchemaInput[];
  /** The schema that is to be published. */
  readonly new: SchemaInput;
  /**
   * `'backward'`: new code reads old data. `'forward'`: old code reads new data. `'full'`: both, which the reference
   * asks for in its ADRs 6 and 7. @defaultValue 'full'
   */
  readonly mode?: 'backward' | 'forward' | 'full';
}

/** Whether they are compatible, and every reason why not. */
export interface CompatibilityVerdict {
  readonly compatible: boolean;
  readonly problems: readonly CompatibilityProblem[];
}

/** One reason why one version cannot read what another wrote. */
export interface CompatibilityProblem {
  /** Dotted path of the field; `[]` stands for the items of a list, `{}` for the values of a map. */
  readonly path: string;
  readonly direction: 'backward' | 'forward';
  /** The reason in words. */
  readonly message: string;
  /** Which of the old versions, counted from 0. */
  readonly version: number;
}

/**
 * Whether a new schema may be published after old ones. Compares schemas, not samples, by the resolution rules of
 * Avro: what some data could break counts, such as a field that may now be null. Aliases are not used, since the
 * Python peers write none. Defaults count only where the schema has them.
 *
 * @throws InvalidOptionsError when something given is no Avro schema
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
      ? { reader: 'the new schema', writer: 'the old one' }
      : { reader: 'the old schema', writer: 'the new one' };
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
