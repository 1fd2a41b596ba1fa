import type { StandardSchema } from '@openedx-ts/events-core';
import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify';
import { RequestError } from './request-error.js';

/** The Fastify type provider for shapes: handlers get the types of the shape's output. */
export interface ShapeTypeProvider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends StandardSchema<unknown, infer Output> ? Output : unknown;
}

/** Checks a part of a request with a shape, by the Standard Schema interface; passes on the normalised value. */
export const checkWithShape: FastifySchemaCompiler<StandardSchema> =
  ({ schema, httpPart = 'request' }) =>
  (value: unknown) => {
    const result = schema['~standard'].validate(value);
    if (result.issues === undefined) return { value: result.value };
    const issues = result.issues.map(({ path = [], message }) => ({ path: path.join('.'), message }));
    return { error: new RequestError(400, 'INVALID_REQUEST', `the ${nameOf(httpPart)} is refused`, issues) };
  };

function nameOf(httpPart: string): string {
  return httpPart === 'params' ? 'path' : httpPart;
}
