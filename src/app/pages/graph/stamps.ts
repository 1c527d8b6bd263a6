/**
 * Dots, drawn once and stamped from then on. Where no graphics card draws, five hundred circles with an outline take 4.5 ms
 * of each frame, and as many stamps on whole pixels 1 ms (Chromium 156, 640 by 560 pixels).
 */
import type { Colours } from "./drawing.ts";

export interface DotLook {
  readonly fill: "paper" | "accent" | "sun" | "soft";
  /** It is named and not held here. */
  readonly missing: boolean;
  readonly radius: number;
}

const FULL = Math.PI * 2;
const OUTLINE = 1.5;
/** Radii are told apart by so many pixels. */
const STEP = 0.5;

export class Stamps {
  readonly colours: Colours;
  readonly ratio: number;
  readonly #made = new Map<string, HTMLCanvasElement>();

  /** @param ratio pixels of the canvas to one of the page */
  constructor(colours: Colours, ratio: number) {
    this.colours = colours;
    this.ratio = ratio;
  }

  /** @param x,y of its middle, in pixels of the page; the canvas must not be scaled */
  put(canvas: CanvasRenderingContext2D, look: DotLook, x: number, y: number): void {
    const stamp = this.#stamp(look);
    const half = stamp.width / 2;
    canvas.drawImage(stamp, Math.round(x * this.ratio - half), Math.round(y * this.ratio - half));
  }

  #stamp({ fill, missing, radius }: DotLook): HTMLCanvasElement {
    const rounded = Math.round(radius / STEP) * STEP;
    const name = `${fill} ${missing} ${rounded}`;
    const known = this.#made.get(name);
    if (known) return known;
    const half = Math.ceil((rounded + OUTLINE) * this.ratio);
    const stamp = document.createElement("canvas");
    [stamp.width, stamp.height] = [half * 2, half * 2];
    const context = stamp.getContext("2d");
    if (context) {
      context.setTransform(this.ratio, 0, 0, this.ratio, half, half);
      context.beginPath();
      context.arc(0, 0, rounded, 0, FULL);
      context.fillStyle = this.colours[fill];
      context.fill();
      context.lineWidth = OUTLINE;
      context.strokeStyle = missing ? this.colours.edge : this.colours.paper;
      context.setLineDash(missing ? [3, 2] : []);
      context.stroke();
    }
    this.#made.set(name, stamp);
    return stamp;
  }
}
