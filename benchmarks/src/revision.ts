import { execFileSync } from 'node:child_process';

/** The commit of a clone; with `-dirty` behind it when files differ from the commit. */
export function revisionOf(folder: string): string {
  try {
    const described = execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=10', '--exclude=*'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return `commit ${described.trim()}`;
  } catch {
    return 'no commit';
  }
}
