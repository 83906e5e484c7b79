/** Links in messages. */
import { withoutInvisible } from './characters';

/**
 * http, www, or a name with a well-known ending; full-width dots are dots after NFKC. Spaces around the dot hide an ending that
 * is no word or abbreviation of its own ("x . com"). Of a name only its last two parts are read, and at most a few spaces: a
 * pattern that reads all of them begins again at each dot, and a message of 12 KB of `a.a.a.` then takes seconds.
 */
const LINK =
  /(?:https?\s{0,3}:\s{0,3}\/\/|www\s{0,3}\.)\s{0,3}\S|(?:^|[^\p{L}\p{N}@])[a-z0-9]+(?:\.(?:com|cn|net|org|top|xyz|vip|cc|io|me|tv|info|shop|site|online|club|app|link|live|co|ru|hk|tw|uk|us)|\s{0,3}\.\s{0,3}(?:com|cn|org|xyz))(?![a-z0-9-])/iu;

export function hasLink(text: string): boolean {
  return LINK.test(withoutInvisible(text).normalize('NFKC').replaceAll('。', '.'));
}
