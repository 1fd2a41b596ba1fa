import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { type AnyShape, resolveKeyPath } from '@openedx-ts/events-core/bus';
import { sampleOf, seededRandom } from '@openedx-ts/events-testing';

/** Finds a marker in any output: as it is, in base64, in hexadecimal digits, as a number, and as bytes that were printed. */
export const anyMarker =
  /marker-\d|bWFya2Vy|6d61726b6572|6d 61 72 6b|109,\s*97,\s*114,\s*107|(?<![\d.])77171717\d\d/i;

/** Makes data of a signal in which each field that its shape declares as personal is a marker; all else is a sample. */
export function markedData(signal: OpenEdxPublicSignal): object {
  const maker = new MarkedData();
  return maker.valueOf(signal.shape as AnyShape, false) as object;
}

/** Whether something in a shape is declared as personal. */
export function hasPersonalData(shape: AnyShape): boolean {
  if (shape.pii.length > 0) return true;
  switch (shape.kind) {
    case 'optional':
    case 'withDefault':
    case 'list':
      return hasPersonalData(shape.of as AnyShape);
    case 'map':
      return hasPersonalData(shape.values as AnyShape);
    case 'record':
      return Object.values(shape.fields).some((field) => hasPersonalData(field as AnyShape));
    default:
      return false;
  }
}

/** Every path of a signal that can be a key, those that are personal first. */
export function keyPathsOf(signal: OpenEdxPublicSignal): readonly string[] {
  const { fields } = signal.shape;
  const found: { readonly path: string; readonly isPersonal: boolean }[] = [];
  const search = (shape: AnyShape, path: string, isPersonal: boolean): void => {
    const personal = isPersonal || shape.pii.length > 0;
    if (shape.kind === 'record')
      for (const [name, field] of Object.entries(shape.fields))
        search(field as AnyShape, path === '' ? name : `${path}.${name}`, personal);
    else if (!('problem' in resolveKeyPath(fields, path))) found.push({ path, isPersonal: personal });
  };
  search(signal.shape as AnyShape, '', false);
  return found.sort((a, b) => Number(b.isPersonal) - Number(a.isPersonal)).map(({ path }) => path);
}

class MarkedData {
  #count = 0;
  readonly #random = seededRandom(7);

  valueOf(shape: AnyShape, isInPersonal: boolean): unknown {
    const isPersonal = isInPersonal || shape.pii.length > 0;
    switch (shape.kind) {
      case 'optional':
      case 'withDefault':
        return this.valueOf(shape.of as AnyShape, isPersonal);
      case 'list':
        return [
          this.valueOf(shape.of as AnyShape, isPersonal),
          this.valueOf(shape.of as AnyShape, isPersonal),
        ];
      case 'map':
        return {
          [isPersonal ? 'marker-0000 key' : 'key']: this.valueOf(shape.values as AnyShape, isPersonal),
        };
      case 'record':
        return Object.fromEntries(
          Object.entries(shape.fields).map(([name, field]) => [
            name,
            this.valueOf(field as AnyShape, isPersonal),
          ]),
        );
      default:
        return isPersonal ? this.#marker(shape) : sampleOf(shape, this.#random);
    }
  }

  #marker(shape: AnyShape): unknown {
    this.#count += 1;
    const text = `marker-${String(this.#count).padStart(4, '0')} "zoë" <Ł>&'`;
    if (shape.kind === 'string') return text;
    if (shape.kind === 'bytes') return Buffer.from(text);
    if (shape.kind === 'long') return 7_717_171_700 + this.#count;
    if (shape.kind === 'custom' && shape.type.name === 'json') return { deep: [{ text }] };
    return sampleOf(shape, this.#random);
  }
}
