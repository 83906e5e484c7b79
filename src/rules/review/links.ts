/** Links in messages. */
import { withoutInvisible } from './characters';

/**
 * http, www, an address with a port or a path, or a name with a well-known ending; full-width dots are dots after NFKC. A name
 * may follow a character of a script without spaces, but not a letter or an @. Spaces around the dot hide an ending that
 * is no word or abbreviation of its own ("x . com"). Of a name only its last two parts are read, and at most a few spaces: a
 * pattern that reads all of them begins again at each dot, and a message of 12 KB of `a.a.a.` then takes seconds.
 */
const LINK =
  /(?:https?\s{0,3}:\s{0,3}\/\/|www\s{0,3}\.)\s{0,3}\S|(?:^|[^\p{L}\p{N}@]|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}])(?:\d{1,3}(?:\.\d{1,3}){3}[:/]|[a-z0-9]+(?:\.(?:com|cn|net|org|top|xyz|vip|cc|io|me|tv|info|shop|site|online|club|app|link|live|co|ru|hk|tw|uk|us|ly|gg|gl|dev|icu|biz|asia|mobi|wang|pw)|\s{0,3}\.\s{0,3}(?:com|cn|org|xyz))(?![a-z0-9-]))/iu;

export function hasLink(text: string): boolean {
  return LINK.test(withoutInvisible(text).normalize('NFKC').replaceAll('。', '.'));
}
