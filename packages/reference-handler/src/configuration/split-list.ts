// Lists in the text of an environment variable.

/** The items between commas or line breaks. */
export const splitList = (text: string): readonly string[] =>
  text
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '')
