import type { OutboxFacts } from './services/outbox-services.js';
import type { DemoSummary } from './summary.js';

/** The report as text: a table, the mismatches, and a line of totals. */
export function reportOf(summary: DemoSummary): string {
  const { sent, delivered, lost, types, mismatches, outbox, durationMs } = summary;
  const rows = types.map((row) =>
    [row.eventType, row.over, row.sent, row.delivered, row.mismatched].map(String),
  );
  const lines = [
    ...table(['event type', 'over', 'sent', 'delivered', 'mismatched'], rows),
    '',
    ...mismatches.slice(0, shownMismatches).map((mismatch) => `mismatch: ${mismatch}`),
    ...(mismatches.length > shownMismatches
      ? [`mismatch: … and ${mismatches.length - shownMismatches} more`]
      : []),
    ...(outbox === undefined ? [] : outboxLines(outbox)),
    `${(durationMs / 1000).toFixed(1)} s`,
    `demo: ${sent} sent, ${delivered} delivered, ${lost} lost`,
  ];
  return `${lines.join('\n')}\n`;
}

function outboxLines({ failed, waited }: OutboxFacts): readonly string[] {
  const outage =
    waited === undefined
      ? 'outbox: the broker was not stopped, because the demo has not started it'
      : `outbox: the broker was stopped and started again; ${waited} events waited for it in the database`;
  return [outage, `outbox: ${failed} enrolments failed after their event was sent, and published nothing`];
}

const shownMismatches = 10;

/** Text columns to the left, the numbers behind them to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column < textColumns ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)];
}

const textColumns = 2;
