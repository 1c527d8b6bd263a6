/** Draws a graph on a canvas. */
import type { Dot, Layout, Line } from "./layout.ts";
import type { DotLook, Stamps } from "./stamps.ts";
import type { ViewPort } from "./view-port.ts";

/** Colours of the page, as the canvas takes them. */
export interface Colours {
  readonly paper: string;
  readonly ink: string;
  readonly soft: string;
  readonly edge: string;
  readonly accent: string;
  readonly sun: string;
}

export interface Scene {
  readonly layout: Layout;
  readonly view: ViewPort;
  readonly width: number;
  readonly height: number;
  /** Made for these colours and this density of pixels. */
  readonly stamps: Stamps;
  /** The font of the page. */
  readonly font: string;
  /** Under the pointer; -1 for none. */
  readonly hovered: number;
  readonly titleOf: (dot: Dot) => string;
  readonly rtl: boolean;
}

/** Of what is one step away so many have their words beside them, where there is room. */
const MOST_NAMED = 24;
/** Height of a line of words. */
const LINE = 18;
const NAME_CHARACTERS = 28;
const ARROW = 7;
/** Below this a line is too short for a head. */
const ARROW_FROM = 20;
/**
 * More lines than this are all as thin as a pixel: where no graphics card draws, 660 of them with heads take 0.3 ms of a
 * frame, and 6 ms when they are half a pixel wider.
 */
const MANY_LINES = 200;
/** Pixels beyond the edge at which a dot and its outline are out of sight. */
const OUTSIDE = 20;

export function radiusOf({ node, ties }: Dot): number {
  return (node.steps === 0 ? 9 : 5) + Math.min(4, Math.sqrt(ties));
}

export function drawGraph(canvas: CanvasRenderingContext2D, scene: Scene): void {
  const { height, layout, stamps, view, width } = scene;
  const { ratio } = stamps;
  canvas.setTransform(ratio, 0, 0, ratio, 0, 0);
  canvas.clearRect(0, 0, width, height);
  const x = (dot: Dot): number => view.scale * dot.x + view.x;
  const y = (dot: Dot): number => view.scale * dot.y + view.y;
  drawLines(canvas, layout.lines, x, y, scene);
  canvas.setTransform(1, 0, 0, 1, 0, 0);
  // The nearest last: what is around the middle does not cover it.
  for (let at = layout.dots.length - 1; at >= 0; at -= 1) {
    const dot = layout.dots[at]!;
    const [left, top] = [x(dot), y(dot)];
    if (left < -OUTSIDE || top < -OUTSIDE || left > width + OUTSIDE || top > height + OUTSIDE) continue;
    stamps.put(canvas, lookOf(dot, at === scene.hovered), left, top);
  }
  canvas.setTransform(ratio, 0, 0, ratio, 0, 0);
  const near = layout.dots.filter(({ node }) => node.steps === 1).slice(0, MOST_NAMED);
  const taken: Box[] = [];
  for (const dot of new Set([layout.dots[scene.hovered], layout.dots[0], ...near])) {
    if (dot !== undefined) drawName(canvas, dot, x(dot), y(dot), scene, taken);
  }
}

/** All lines of a kind are one path: two strokes, however many there are. */
function drawLines(
  canvas: CanvasRenderingContext2D,
  lines: readonly Line[],
  x: (dot: Dot) => number,
  y: (dot: Dot) => number,
  { height, stamps: { colours }, width }: Scene,
): void {
  const thin = lines.length > MANY_LINES;
  for (const kind of ["reply", "reference"] as const) {
    canvas.beginPath();
    for (const line of lines) {
      if (line.kind !== kind) continue;
      const [fromX, fromY, toX, toY] = [x(line.from), y(line.from), x(line.to), y(line.to)];
      const isBeside = Math.max(fromX, toX) < 0 || Math.min(fromX, toX) > width;
      if (isBeside || Math.max(fromY, toY) < 0 || Math.min(fromY, toY) > height) continue;
      canvas.moveTo(fromX, fromY);
      canvas.lineTo(toX, toY);
      const length = Math.hypot(toX - fromX, toY - fromY);
      if (length < ARROW_FROM) continue;
      const [alongX, alongY] = [(toX - fromX) / length, (toY - fromY) / length];
      const [tipX, tipY] = [toX - alongX * radiusOf(line.to), toY - alongY * radiusOf(line.to)];
      for (const side of [0.5, -0.5]) {
        canvas.moveTo(tipX, tipY);
        canvas.lineTo(tipX - (alongX + side * alongY) * ARROW, tipY - (alongY - side * alongX) * ARROW);
      }
    }
    canvas.lineWidth = thin || kind === "reply" ? 1 : 1.5;
    canvas.strokeStyle = kind === "reply" ? colours.edge : colours.accent;
    canvas.stroke();
  }
}

function lookOf(dot: Dot, hovered: boolean): DotLook {
  const missing = dot.node.author === null;
  const fill = missing ? "paper" : dot.node.steps === 0 ? "accent" : dot.node.own ? "sun" : "soft";
  return { fill, missing, radius: radiusOf(dot) + (hovered ? 2 : 0) };
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

/** Unless it would stand on one that is drawn already. */
function drawName(canvas: CanvasRenderingContext2D, dot: Dot, x: number, y: number, scene: Scene, taken: Box[]): void {
  const title = scene.titleOf(dot);
  const characters = Array.from(title);
  const words = characters.length > NAME_CHARACTERS ? `${characters.slice(0, NAME_CHARACTERS).join("")}…` : title;
  canvas.font = `13px ${scene.font}`;
  canvas.direction = scene.rtl ? "rtl" : "ltr";
  canvas.textAlign = "center";
  canvas.textBaseline = "top";
  canvas.lineJoin = "round";
  canvas.lineWidth = 4;
  canvas.strokeStyle = scene.stamps.colours.paper;
  const below = y + radiusOf(dot) + 5;
  // First strong isolate: a title turns nothing but itself.
  const isolated = `\u2068${words}\u2069`;
  const half = canvas.measureText(isolated).width / 2;
  const box = { left: x - half, right: x + half, top: below };
  const hits = (other: Box): boolean =>
    Math.abs(other.top - box.top) < LINE && other.left < box.right && box.left < other.right;
  if (taken.some(hits)) return;
  taken.push(box);
  canvas.strokeText(isolated, x, below);
  canvas.fillStyle = scene.stamps.colours.ink;
  canvas.fillText(isolated, x, below);
}
