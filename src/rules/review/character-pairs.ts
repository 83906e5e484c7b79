/** Tables of single characters for others, written as texts of pairs: a character, then the one that it is read as. */

/** Indexed by UTF-16 unit; 0: the character is in no pair. */
export function readPairs(texts: readonly string[]): Uint16Array {
  const table = new Uint16Array(0x1_0000);
  for (const text of texts) {
    for (let at = 0; at < text.length; at += 2) table[text.charCodeAt(at)] = text.charCodeAt(at + 1);
  }
  return table;
}
