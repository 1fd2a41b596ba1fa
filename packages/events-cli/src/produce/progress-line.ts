import type { Writable } from 'node:stream';
import { countText } from './count-text.js';

/** A line on a terminal that says how far the command is. */
export interface ProgressLine {
  /** @param share of the input, from 0 to 1; undefined when its length is not known */
  update(accepted: number, share: number | undefined): void;
  /** Takes the line away. */
  end(): void;
}

/** Draws on a terminal, and does nothing elsewhere. */
export async function progressLine(stderr: Writable, topic: string): Promise<ProgressLine> {
  if ((stderr as { readonly isTTY?: boolean }).isTTY !== true) return { update: () => {}, end: () => {} };
  const { default: ora } = await import('ora');
  const spinner = ora({ stream: stderr as NodeJS.WritableStream, discardStdin: false, isEnabled: true });
  spinner.start(progressText(topic, 0, undefined));
  return {
    update: (accepted, share) => {
      spinner.text = progressText(topic, accepted, share);
    },
    end: () => {
      spinner.stop();
    },
  };
}

/** `[████████············] 40 %  1,000 events accepted on orders` */
function progressText(topic: string, accepted: number, share: number | undefined): string {
  const count = countText(accepted, topic);
  if (share === undefined) return count;
  const part = Math.min(1, Math.max(0, share));
  const filled = Math.round(part * WIDTH);
  return `[${'█'.repeat(filled)}${'·'.repeat(WIDTH - filled)}] ${Math.round(part * 100)} %  ${count}`;
}

const WIDTH = 20;
