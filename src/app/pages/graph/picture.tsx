/**
 * The graph as a picture that can be moved, enlarged and walked. It is laid out in slices of a frame and drawn when
 * something about it changes; at rest it costs nothing. The list beside it says the same in words.
 */
import { createEffect, For, type JSX, on, onCleanup, onMount } from "solid-js";
import type { GraphNode, GraphView } from "../../../peer/api.ts";
import { Icon } from "../../components/icon/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { type Colours, drawGraph } from "./drawing.ts";
import { type Layout, layoutOf, SLICE, type Spot } from "./layout.ts";
import { Stamps } from "./stamps.ts";
import { moved, nearest, type ViewPort, wholeOf, zoomed } from "./view-port.ts";

const STEP = 1.4;
/** A finger covers 44 pixels. */
const REACH = 22;
/** A press that moves less is no drag. In pixels. */
const STILL = 6;
/** More pixels than this to one of the page are not told apart in a picture of dots, and each frame pays for them. */
const MOST_RATIO = 2;
const COLOURS = ["paper", "ink", "soft", "edge", "accent", "sun"] as const;

export function Picture(props: {
  graph: GraphView;
  titleOf: (node: GraphNode) => string;
  onWalk: (hash: string) => void;
}): JSX.Element {
  const { t, number } = useI18n();
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  let canvas!: HTMLCanvasElement;
  let palette!: HTMLDivElement;
  let layout: Layout | undefined;
  let view: ViewPort = { scale: 1, x: 0, y: 0 };
  /** Until the person has moved it, all of it is seen. */
  let whole = true;
  let resting = true;
  let frame = 0;
  let hovered = -1;
  let stamps: Stamps | undefined;
  /** Where dots stood, also those of the post that was walked from. */
  const spots = new Map<string, Spot>();
  const pointers = new Map<number, Spot>();
  let pressedAt: Spot | undefined;
  let font = "";

  function readColours(): Colours {
    const found = COLOURS.map((name, at) => [name, getComputedStyle(palette.children[at]!).color] as const);
    font = getComputedStyle(canvas).fontFamily;
    return Object.fromEntries(found) as unknown as Colours;
  }

  function draw() {
    const context = canvas.getContext("2d");
    if (!context || !layout) return;
    const ratio = Math.min(MOST_RATIO, window.devicePixelRatio);
    const { clientHeight: height, clientWidth: width } = canvas;
    const size = [Math.round(width * ratio), Math.round(height * ratio)] as const;
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    if (whole) view = wholeOf(layout.dots, width, height);
    if (stamps?.ratio !== ratio) stamps = new Stamps(stamps?.colours ?? readColours(), ratio);
    drawGraph(context, {
      layout,
      view,
      width,
      height,
      stamps,
      font,
      hovered,
      titleOf: ({ node }) => props.titleOf(node),
      rtl: document.documentElement.dir === "rtl",
    });
  }

  function onFrame() {
    frame = 0;
    if (!layout) return;
    const moves = !resting;
    if (moves) resting = !layout.run(SLICE);
    // Whoever wants no motion sees it once everything has its place.
    if (resting || !still) draw();
    if (moves && resting) for (const { node, x, y } of layout.dots) spots.set(node.hash, { x, y });
    if (!resting) again();
    const state = resting ? "rests" : "moves";
    if (canvas.dataset["state"] !== state) canvas.dataset["state"] = state;
  }
  function again() {
    if (frame === 0) frame = requestAnimationFrame(onFrame);
  }

  createEffect(
    on(
      () => props.graph,
      (graph, before) => {
        if (layout) for (const { node, x, y } of layout.dots) spots.set(node.hash, { x, y });
        layout = layoutOf(graph, spots, () => performance.now());
        // Another centre: all that is around it is to be seen.
        if (before?.nodes[0]?.hash !== graph.nodes[0]?.hash) whole = true;
        hovered = -1;
        resting = false;
        again();
      },
    ),
  );

  onMount(() => {
    const sizes = new ResizeObserver(again);
    sizes.observe(canvas);
    const recolour = () => {
      stamps = undefined;
      again();
    };
    const theme = new MutationObserver(recolour);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme", "dir"] });
    const scheme = window.matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", recolour);
    onCleanup(() => {
      sizes.disconnect();
      theme.disconnect();
      scheme.removeEventListener("change", recolour);
      cancelAnimationFrame(frame);
    });
  });

  const spotOf = (event: PointerEvent | WheelEvent): Spot => ({ x: event.offsetX, y: event.offsetY });
  const dotAt = (at: Spot) => (layout ? nearest(layout.dots, view, at, REACH) : -1);

  function zoom(factor: number, at?: Spot) {
    whole = false;
    view = zoomed(view, factor, at ?? { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 });
    again();
  }

  function onDown(event: PointerEvent) {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, spotOf(event));
    pressedAt = pointers.size === 1 ? spotOf(event) : undefined;
  }

  function onMove(event: PointerEvent) {
    const at = spotOf(event);
    const before = pointers.get(event.pointerId);
    if (before === undefined) {
      const found = dotAt(at);
      if (found === hovered) return;
      hovered = found;
      canvas.dataset["over"] = found === -1 ? "" : "dot";
      again();
      return;
    }
    if (pressedAt && Math.hypot(at.x - pressedAt.x, at.y - pressedAt.y) <= STILL) return;
    pressedAt = undefined;
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, at);
    whole = false;
    if (other === undefined) view = moved(view, at.x - before.x, at.y - before.y);
    else {
      const factor = Math.hypot(at.x - other.x, at.y - other.y) / Math.hypot(before.x - other.x, before.y - other.y);
      if (Number.isFinite(factor) && factor > 0) view = zoomed(view, factor, other);
    }
    again();
  }

  function onUp(event: PointerEvent) {
    pointers.delete(event.pointerId);
    const at = pressedAt;
    pressedAt = undefined;
    if (event.type !== "pointerup" || at === undefined) return;
    const dot = layout?.dots[dotAt(at)];
    if (dot && dot.node.steps > 0) props.onWalk(dot.node.hash);
  }

  return (
    <div class="graph-picture">
      <canvas
        ref={canvas}
        class="graph-canvas"
        role="img"
        aria-label={t(props.graph.nodes.length === 1 ? "graph.picture_one" : "graph.picture_other", {
          count: number(props.graph.nodes.length),
        })}
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={onUp}
        onPointerLeave={() => {
          hovered = -1;
          again();
        }}
        on:wheel={{
          // With the key that enlarges pages, or two fingers on a touchpad; else the wheel goes through the page.
          handleEvent(event: WheelEvent) {
            if (!event.ctrlKey) return;
            event.preventDefault();
            zoom(Math.exp(-event.deltaY / 300), spotOf(event));
          },
          passive: false,
        }}
      />
      <div class="graph-palette" ref={palette} aria-hidden="true">
        <For each={COLOURS}>{(name) => <span data-colour={name} />}</For>
      </div>
      <div class="graph-tools">
        <button type="button" class="icon-button" aria-label={t("graph.in")} onClick={() => zoom(STEP)}>
          <Icon name="plus" />
        </button>
        <button type="button" class="icon-button" aria-label={t("graph.out")} onClick={() => zoom(1 / STEP)}>
          <Icon name="minus" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={t("graph.whole")}
          onClick={() => {
            whole = true;
            again();
          }}
        >
          <Icon name="whole" />
        </button>
      </div>
    </div>
  );
}
