/** Reads QR codes: by the browser's own reader where it has one, else by one in JavaScript that is loaded when it is needed. */

/** A picture that can be looked at. */
export type Picture = ImageBitmap | HTMLVideoElement;

/** The text of the code in a picture; `null` where there is none that can be read. */
export type QrReader = (picture: Picture) => Promise<string | null>;

/** The Barcode Detection API, which TypeScript's library does not know. */
interface BarcodeDetectorClass {
  new (options: { formats: string[] }): { detect(picture: Picture): Promise<readonly { readonly rawValue: string }[]> };
  getSupportedFormats(): Promise<string[]>;
}

/** More points than this say nothing more about 81 modules, and cost time in every frame. */
const LONGEST_SIDE = 1_280;
/** A still picture is tried once, so it may take longer than the frame of a film. Milliseconds. */
const PATIENCE = 1_000;

export async function createQrReader(): Promise<QrReader> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: BarcodeDetectorClass };
  if (BarcodeDetector !== undefined && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (picture) => (await detector.detect(picture))[0]?.rawValue ?? null;
  }
  const { default: decode } = await import("qr/decode.js");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (picture) => {
    const [width, height] = sizeOf(picture);
    if (context === null || width === 0 || height === 0) return null;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    try {
      return decode(context.getImageData(0, 0, canvas.width, canvas.height), { timeLimit: PATIENCE });
    } catch {
      // This is how that reader says that there is no code, or half of one.
      return null;
    }
  };
}

function sizeOf(picture: Picture): [width: number, height: number] {
  return picture instanceof HTMLVideoElement
    ? [picture.videoWidth, picture.videoHeight]
    : [picture.width, picture.height];
}
