import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Environment } from '@openedx-ts/events-core';
import { programOnPath } from './program-on-path.js';

/** The path of the command `docker`, where its engine answers within three seconds. */
export async function dockerOnPath(env: Environment): Promise<string | undefined> {
  const docker = await programOnPath(['docker'], env);
  if (docker === undefined) return undefined;
  const answer = promisify(execFile)(docker, ['info', '--format', '{{.ServerVersion}}'], {
    env: { ...env },
    timeout: 3_000,
  });
  return answer.then(
    () => docker,
    () => undefined,
  );
}
