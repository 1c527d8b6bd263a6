/** A text as a QR code, drawn as one path. Loaded only when somebody asks for it. */
import encodeQr from "qr";
import { createMemo, type JSX } from "solid-js";

/** ISO 18004 asks for four empty modules around the code. */
const QUIET_ZONE = 4;

/** `dense`: for long texts; less redundancy, so that each module is larger, and as wide as a phone. */
export default function QrCode(props: { text: string; label: string; dense?: boolean }): JSX.Element {
  const drawing = createMemo(() => {
    const modules = encodeQr(props.text, "raw", { border: QUIET_ZONE, ecc: props.dense ? "low" : "medium" });
    let path = "";
    modules.forEach((row, y) => {
      row.forEach((dark, x) => {
        if (dark) path += `M${x} ${y}h1v1h-1z`;
      });
    });
    return { path, size: modules.length };
  });
  return (
    <svg
      class="qr"
      classList={{ "qr-dense": props.dense ?? false }}
      viewBox={`0 0 ${drawing().size} ${drawing().size}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={props.label}
    >
      <path d={drawing().path} />
    </svg>
  );
}
