/** media: what the page does with pictures, sound and files: made fit to be attached, shown safely, saved under a name. */
export { blurhashOf, fitted } from "./fitted.ts";
export { durationOf } from "./duration.ts";
export { drawThumbnail } from "./thumbnail.ts";
export { PictureError, type PictureProblem } from "./picture.ts";
