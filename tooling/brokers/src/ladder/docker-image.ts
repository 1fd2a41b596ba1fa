import { lastLines } from '../process/last-lines.js';
import { noteOnce } from '../process/note.js';
import { run } from '../process/run.js';

/**
 * Sees to it that an image is there.
 * @returns why it is not: no engine answers quickly, or the image cannot be had
 */
export async function dockerImage(image: string): Promise<string | undefined> {
  const info = await run('docker', ['info', '--format', '{{.OSType}}'], { timeoutMs: 3000 });
  if (info.code !== 0) return lastLines(info.output, 1);
  if (info.stdout.trim() !== 'linux') return `its containers are ${info.stdout.trim()}`;
  const there = await run('docker', ['image', 'inspect', image], { timeoutMs: 10_000 });
  if (there.code === 0) return undefined;
  noteOnce(`Pulling ${image} (once)`);
  const pull = await run('docker', ['pull', '--quiet', image], { timeoutMs: 180_000 });
  return pull.code === 0 ? undefined : lastLines(pull.output, 1);
}
