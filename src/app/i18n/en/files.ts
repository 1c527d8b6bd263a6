/** The field for one file. */
export const files = {
  "file.choose": "Choose a file",
  "file.none": "No file chosen",
} satisfies Record<string, string>;
