import { isCcxId, isId, isLooseId, isVersion, isVersionInAnyCase } from './id-characters.js';

/**
 * The parts of `org+course+run+branch@B+version@V+ccx@N+type@T+block@I`. A part that is absent is `undefined`.
 * In a library, `course` is the library and `run` has no meaning.
 */
export interface PlusBody {
  org: string | undefined;
  course: string | undefined;
  run: string | undefined;
  branch: string | undefined;
  version: string | undefined;
  ccxId: string | undefined;
  blockType: string | undefined;
  blockId: string | undefined;
  /** Where in the text the course ends: before `+type@` and `+block@`. */
  contextEnd: number;
}

/** Which labelled parts a form takes. They come in this order, and each may be absent. */
export interface PlusForm {
  readonly labels: readonly Label[];
  readonly labelsInAnyCase: boolean;
}

/** A course or library key. The Python library tolerates a block behind it, and lets the block id have `%`. */
export const CONTEXT_FORM: PlusForm = plusForm({ version: isVersion, blockId: isLooseId });
/** A block of a course or library. */
export const BLOCK_FORM: PlusForm = plusForm({ version: isVersion, blockId: isId });
/** A CCX, and a block of a CCX: the Python library reads labels and versions in any letter case here. */
export const CCX_FORM: PlusForm = plusForm({ version: isVersionInAnyCase, blockId: isId, ccx: true });

/**
 * Reads `text` from `start` on: no, two or three plain parts, then labelled ones. Returns `undefined` when a part is
 * empty, out of order, repeated, unknown or has a character that its place does not allow. The caller checks which
 * parts are required. At most nine parts are read, each once, so the work is linear in the text.
 */
export function readPlusBody(text: string, start: number, form: PlusForm): PlusBody | undefined {
  const body = emptyBody(start);
  let plainParts = 0;
  let nextLabel = 0;
  for (let from = start; ; ) {
    const plus = text.indexOf('+', from);
    const end = plus < 0 ? text.length : plus;
    const part = text.slice(from, end);
    const at = part.indexOf('@');
    if (at < 0) {
      const field = PLAIN_FIELDS[plainParts++];
      if (field === undefined || nextLabel > 0 || !isId(part)) return undefined;
      body[field] = part;
      body.contextEnd = end;
    } else {
      const index = labelIndex(form, part.slice(0, at), nextLabel);
      const label = form.labels[index];
      const value = part.slice(at + 1);
      if (label === undefined || !label.test(value)) return undefined;
      body[label.field] = value;
      if (!label.ofBlock) body.contextEnd = end;
      nextLabel = index + 1;
    }
    if (plus < 0) return plainParts === 1 ? undefined : body;
    from = plus + 1;
  }
}

const PLAIN_FIELDS = ['org', 'course', 'run'] as const;

interface Label {
  readonly name: string;
  readonly field: Exclude<keyof PlusBody, 'contextEnd'>;
  readonly test: (value: string) => boolean;
  readonly ofBlock: boolean;
}

interface Tests {
  readonly version: Label['test'];
  readonly blockId: Label['test'];
  readonly ccx?: boolean;
}

function plusForm({ version, blockId, ccx = false }: Tests): PlusForm {
  const labels: Label[] = [
    { name: 'branch', field: 'branch', test: isId, ofBlock: false },
    { name: 'version', field: 'version', test: version, ofBlock: false },
  ];
  if (ccx) labels.push({ name: 'ccx', field: 'ccxId', test: isCcxId, ofBlock: false });
  labels.push({ name: 'type', field: 'blockType', test: isId, ofBlock: true });
  labels.push({ name: 'block', field: 'blockId', test: blockId, ofBlock: true });
  return { labels, labelsInAnyCase: ccx };
}

function labelIndex(form: PlusForm, written: string, from: number): number {
  const name = form.labelsInAnyCase ? written.toLowerCase() : written;
  for (let index = from; index < form.labels.length; index++) {
    if (form.labels[index]?.name === name) return index;
  }
  return -1;
}

function emptyBody(start: number): PlusBody {
  return {
    org: undefined,
    course: undefined,
    run: undefined,
    branch: undefined,
    version: undefined,
    ccxId: undefined,
    blockType: undefined,
    blockId: undefined,
    contextEnd: start,
  };
}
