import type { FastifyError, FastifyInstance } from 'fastify';
import { RequestError } from './request-error.js';

/** Gives every error the same body: `{ error: { code, message, issues } }`. Unexpected errors reveal nothing else. */
export function answerErrors(app: Pick<FastifyInstance, 'setErrorHandler' | 'setNotFoundHandler'>): void {
  app.setErrorHandler((error: FastifyError | RequestError, request, reply) => {
    const { statusCode = 500 } = error;
    if (error instanceof RequestError) return reply.code(statusCode).send(bodyOf(error));
    if (statusCode < 500)
      return reply.code(statusCode).send(bodyOf({ code: 'INVALID_REQUEST', message: error.message }));
    request.log.error({ err: error }, 'a request failed');
    return reply.code(500).send(bodyOf({ code: 'INTERNAL_ERROR', message: 'something went wrong here' }));
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(bodyOf({ code: 'NOT_FOUND', message: 'there is no resource at this path' })),
  );
}

function bodyOf({
  code,
  message,
  issues = [],
}: Pick<RequestError, 'code' | 'message'> & Partial<RequestError>) {
  return { error: { code, message, issues } };
}
