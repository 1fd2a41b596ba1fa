import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CliIo } from '../../terminal/cli-io.js';
import { CommandError } from '../../terminal/command-error.js';
import { writeNote } from '../../terminal/write-note.js';
import { dockerOnPath } from './docker-on-path.js';
import { freePort } from './free-port.js';
import { type KeptServer, keptServer } from './kept-server.js';
import { programOnPath } from './program-on-path.js';
import type { ServerRecipe } from './server-recipe.js';
import { untilAnswers } from './until-answers.js';

/** A server that was started. */
export interface StartedServer extends AsyncDisposable {
  /** `localhost:PORT`. */
  readonly address: string;
}

/**
 * Starts a server on a free port of this machine: in Docker where its engine answers, else by a program on the PATH. Writes to
 * stderr which. It ends with this process at the latest, and its data with it.
 *
 * @throws CommandError when there is no way to start it, naming all three, or when it does not start
 */
export async function startServer(recipe: ServerRecipe, io: CliIo): Promise<StartedServer> {
  const { env = {}, stderr, abortSignal } = io;
  const docker = await dockerOnPath(env);
  const program = docker ?? (await programOnPath(recipe.programs, env));
  if (program === undefined) throw unavailable(recipe);
  writeNote(
    stderr,
    docker === undefined
      ? `starting ${recipe.title}: ${program}`
      : `starting ${recipe.title}: ${recipe.image} in Docker, which downloads it the first time`,
  );
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'openedx-events-dev-'));
  let server: KeptServer | undefined;
  const started = new AbortController();
  try {
    const args = await (docker === undefined
      ? recipe.onPath(program, { port, folder, env })
      : dockerArguments(recipe, port));
    server = keptServer({ program, args, folder, env });
    const signal = AbortSignal.any([abortSignal, started.signal]);
    await Promise.race([untilAnswers(port, recipe.request, signal), server.died]);
  } catch (cause) {
    await server?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true }); // it was not started
    abortSignal.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError('CLI_UNREACHABLE', `${recipe.title} did not start: ${reason}`, { cause });
  } finally {
    started.abort();
  }
  return { address: `localhost:${port}`, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** In the foreground, so that its end is that of the container. */
function dockerArguments(recipe: ServerRecipe, port: number): readonly string[] {
  const { options, args } = recipe.inDocker(port);
  const published = `127.0.0.1:${port}:${recipe.containerPort}`;
  return ['run', '--rm', '--publish', published, ...options, recipe.image, ...args];
}

function unavailable({ title, programs, variable, example }: ServerRecipe): CommandError {
  return new CommandError(
    'CLI_UNREACHABLE',
    `there is no ${title} to use: name one (${variable}=${example}), start Docker, or put ${programs[0]} on the PATH. ` +
      'Without any: openedx-events dev --bus memory',
  );
}
