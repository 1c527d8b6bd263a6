import type { TrafficPoint } from "./curve.ts";

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT] = [640, 360, 64, 24, 48, 120];
/** Readable on light and dark paper. */
const COLOURS = ["#2f6f9f", "#b5542b", "#3f8f5f", "#8a5fa8", "#a3822a"];

/** Between two labels, in the units of the picture: a line of text. */
const LABEL = 14;
/** Between two lines of the grid, in kB. */
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];

/** Traffic of a peer over the size of the network, a line for each number of topics that it reads. */
export function curveSvg(points: readonly TrafficPoint[]): string {
  const sizes = [...new Set(points.map(({ peers }) => peers))].toSorted((a, b) => a - b);
  const numbers = [...new Set(points.map(({ topics }) => topics))].toSorted((a, b) => a - b);
  const highest = Math.max(...points.map(({ kilobytes }) => kilobytes));
  const step = STEPS.find((each) => each * 5 >= highest) ?? highest;
  const most = step * Math.ceil(highest / step);
  const [least, largest] = [Math.log(sizes[0] ?? 1), Math.log(sizes.at(-1) ?? 1)];
  const x = (peers: number): number =>
    LEFT + ((Math.log(peers) - least) / Math.max(1e-9, largest - least)) * (WIDTH - LEFT - RIGHT);
  const y = (kilobytes: number): number => HEIGHT - BOTTOM - (kilobytes / most) * (HEIGHT - TOP - BOTTOM);
  const at = (value: number): string => value.toFixed(1);
  const ticks = Array.from({ length: most / step + 1 }, (_, which) => which * step);
  const lineOf = (topics: number): readonly TrafficPoint[] =>
    points.filter((point) => point.topics === topics).toSorted((a, b) => a.peers - b.peers);
  const labels = apart(numbers.map((topics) => y(lineOf(topics).at(-1)?.kilobytes ?? 0) + 4));
  const lines = numbers.map((topics, which) => {
    const line = lineOf(topics);
    const colour = COLOURS[which % COLOURS.length];
    const path = line.map(({ kilobytes, peers }) => `${at(x(peers))},${at(y(kilobytes))}`).join(" ");
    const end = line.at(-1);
    return [
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${path}"/>`,
      ...line.map(
        ({ kilobytes, peers }) => `<circle cx="${at(x(peers))}" cy="${at(y(kilobytes))}" r="3" fill="${colour}"/>`,
      ),
      `<text x="${at(x(end?.peers ?? 1) + 10)}" y="${at(labels[which] ?? 0)}" fill="${colour}">${topics} topic${topics === 1 ? "" : "s"}</text>`,
    ].join("");
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>Traffic of a peer, by the size of the network and the topics that it reads</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fbfaf7"/>`,
    ...ticks.map(
      (tick) =>
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(tick))}" y2="${at(y(tick))}" stroke="#ddd8cc"/>` +
        `<text x="${LEFT - 8}" y="${at(y(tick) + 4)}" text-anchor="end" fill="#555">${Math.round(tick)}</text>`,
    ),
    ...sizes.map(
      (peers) =>
        `<text x="${at(x(peers))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#555">${peers}</text>`,
    ),
    `<text x="${LEFT}" y="${TOP - 8}" fill="#555">kB an hour, in and out</text>`,
    `<text x="${(WIDTH - RIGHT + LEFT) / 2}" y="${HEIGHT - 10}" text-anchor="middle" fill="#555">peers in the network</text>`,
    ...lines,
    "</svg>\n",
  ].join("\n");
}

/** The same heights, none nearer to the next one than a line of text. */
function apart(heights: readonly number[]): number[] {
  const order = heights.map((_, at) => at).toSorted((a, b) => (heights[b] as number) - (heights[a] as number));
  const placed = [...heights];
  let below = Infinity;
  for (const at of order) {
    below = Math.min(placed[at] as number, below - LABEL);
    placed[at] = below;
  }
  return placed;
}
