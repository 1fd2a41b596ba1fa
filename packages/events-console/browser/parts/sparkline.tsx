/** The course of a number, the newest at the right. */
export function Sparkline({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const [width, height, most] = [96, 24, Math.max(1, ...values)];
  const step = width / Math.max(1, SAMPLES - 1);
  const first = SAMPLES - values.length;
  const points = values.map((value, index) => [
    (first + index) * step,
    height - 2 - (value / most) * (height - 4),
  ]);
  const line = points.map(([x = 0, y = 0]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  const [start = 0] = points[0] ?? [];
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {points.length > 1 && <polygon points={`${start.toFixed(1)},${height} ${line} ${width},${height}`} />}
      {points.length > 1 && <polyline points={line} />}
    </svg>
  );
}

const SAMPLES = 60;
