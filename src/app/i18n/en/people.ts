/** Pictures of people, what they claim, and profiles of which there are two versions. */

export const people = {
  "picture.label": "Picture",
  "picture.choose": "Choose a picture",
  "picture.change": "Choose another picture",
  "picture.remove": "Remove the picture",
  "picture.hint":
    "Or drop one here. Everybody can see it. It is cut to a square and made small on this device; where and when it was taken is left out.",
  "picture.working": "Making it small…",
  "picture.PICTURE_TYPE":
    "This is not a picture that can be used. PNG, JPEG and WebP can, as long as they do not move.",
  "picture.PICTURE_TOO_LARGE": "This picture is too large for this device. One of up to 50 million pixels can be used.",
  "picture.PICTURE_BROKEN": "This picture cannot be read. Perhaps the file is damaged.",
  "claims.title": "Says that it is also",
  "claims.note": "Nobody has checked this.",
  "claims.expires": "until {{ date }}",
  "fork.title": "The other version",
  "fork.text": "It was perhaps signed on another device at the same time, or by somebody else who has the key.",
} as const;
