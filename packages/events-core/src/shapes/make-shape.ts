import type { Issue } from '../errors/events-error.js';
import { checkOf } from './check.js';
import type { PiiType, Shape, ShapeAnnotations } from './shape.js';
import type { StandardSchemaProps } from './standard-schema.js';

/** Freezes the parts of a shape and gives it its `~standard` property. `inherit` lends annotations that are not given. */
export function makeShape<S extends Shape>(
  parts: Omit<S, '~standard' | 'doc' | 'pii'>,
  annotations: ShapeAnnotations = {},
  inherit?: Pick<Shape, 'doc' | 'pii'>,
): S {
  const shape = Object.create(shapePrototype) as object;
  const doc = annotations.doc ?? inherit?.doc;
  const pii = annotations.pii === undefined ? (inherit?.pii ?? noPii) : piiTypes(annotations.pii);
  return Object.freeze(Object.assign(shape, parts, { doc, pii })) as S;
}

const shapePrototype = {
  get '~standard'(): StandardSchemaProps {
    const check = checkOf(this as unknown as Shape);
    return {
      version: 1,
      vendor: '@openedx-ts/events-core',
      validate: (value) => {
        const issues: Issue[] = [];
        const output = check(value, issues);
        return issues.length === 0
          ? { value: output }
          : {
              issues: issues.map(({ path, message }) => ({
                message,
                path: path === '' ? [] : path.split('.'),
              })),
            };
      },
    };
  },
};

function piiTypes(pii: PiiType | readonly PiiType[]): readonly PiiType[] {
  return Object.freeze(typeof pii === 'string' ? [pii] : [...pii]);
}

const noPii: readonly PiiType[] = Object.freeze([]);
