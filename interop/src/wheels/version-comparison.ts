import { checkCompatibility } from '@openedx-ts/events-avro';
import type { PythonDefinition } from '../python-peer.js';

/** How the schemas of a version of openedx-events compare with those of the catalogue. */
export interface VersionComparison {
  /** Events that the version defines. */
  readonly events: number;
  /** Those of them that have a schema there, as the catalogue has it. */
  readonly same: readonly string[];
  /** Those that have another schema there, and what Avro cannot resolve; nothing where it resolves all. */
  readonly different: readonly { readonly eventType: string; readonly problems: readonly string[] }[];
  /** Events of the catalogue that may be sent, and have no schema there. */
  readonly notThere: readonly string[];
}

/**
 * Compares the schemas of a version with ours.
 *
 * @param ours the schemas of the catalogue by event type
 */
export function versionComparison(
  theirs: Readonly<Record<string, PythonDefinition>>,
  ours: ReadonlyMap<string, string>,
): VersionComparison {
  const schemas = Object.entries(theirs).flatMap(([eventType, { schema }]) =>
    schema === undefined ? [] : [{ eventType, schema }],
  );
  const isSame = ({ eventType, schema }: { eventType: string; schema: string }) =>
    ours.get(eventType) === schema;
  return {
    events: Object.keys(theirs).length,
    same: schemas.filter(isSame).map(({ eventType }) => eventType),
    different: schemas
      .filter((one) => !isSame(one))
      .map(({ eventType, schema }) => ({ eventType, problems: problemsOf(schema, ours.get(eventType)) })),
    notThere: [...ours.keys()].filter((eventType) => theirs[eventType]?.schema === undefined),
  };
}

function problemsOf(old: string, ours: string | undefined): readonly string[] {
  if (ours === undefined) return ['the catalogue does not have it'];
  const { problems } = checkCompatibility({ old, new: ours });
  return problems.map(
    ({ direction, path, message }) =>
      `${direction === 'backward' ? 'from Python' : 'to Python'}, ${path}: ${message}`,
  );
}
