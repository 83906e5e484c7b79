/**
 * Letters of other alphabets that look like Latin ones, and the Latin letter, one for one, so that places in a text stay. A
 * capital letter is read as its small one, so that a word is the same in both, but for four that are listed themselves.
 *
 * Source: confusables of UTS #39, version 15.0, Unicode License v3 (look-alikes.LICENSE.txt); small capitals by their names.
 * Reduced to the alphabets named here and to letters that look like one letter from a to z. Changed: ӏ is l, Б is itself, and
 * some that are written for Latin letters in chats were added (βεζχω, пь, ᗩᑕᗴᑎᑫᔕᗯᘔ᙭).
 */
import { readPairs } from './character-pairs';

const PAIRS = [
  // Latin
  'ðdøođdħhıiĸkłlŧtƀbƃbƅbƌdƍgƒfƙkƚlƞnƥpƭtƴyƶzƽsǀiǥgȥzȼcɇeɉjɍrɏyɑaɓbɖdɗdɠgɡgɢgɣyɦhɨiɩiɪiɫlɭlɯwɲnɳnɴnɵoɼrɽrʀr',
  'ʂsʈtʉuʋuʍmʏyʐzʙbʜhʝjʟlʠqᴀaᴄcᴅdᴇeᴊjᴋkᴍmᴏoᴑoᴘpᴛtᴜuᴠvᴡwᴢzᴦrᴩpᵮfᵰnᵲrᵴsᵵtᵶzᵻiᵼiᵽpᵾuᶃgᶌyẝfỿyⱦtⱨhⱪkꜰfꜱsꝁkꝋoꝡwꞙf',
  'ꞟuꞯqꞵbꬲeꬵfꬽoꬾoꭇrꭈrꭎuꭒuꭓxꭚy',
  // Greek
  'ΗhΝnΥyαaβbγyεeζzηnθoιiκkμmνvοoρpσoτtυuχxωwϝfϳjϻm',
  // Cyrillic
  'аaвbгrеeкkмmнhоoпnрpсcтtуyхxьbѕsіiјjћhѡwѣbѳoѵvѽwҍbғrқkҟkңhҫcҭtүyұyҳxһhҽeҿeӀiӈhӊhӎmӏlөoԁdԍgԛqԝwꙇiꚕh',
  // Armenian
  'աwգqզqհhոnռnսuտsցgքfօo',
  // Cherokee
  'ᏺhᏻgᏼbꭰdꭱrꭲtꭴoꭵiꭹyꭺaꭻjꭼeꮁrꮃwꮇmꮋhꮍyꮎoꮐgꮒhꮓzꮜuꮟbꮢrꮤwꮥsꮩvꮪsꮮlꮯcꮲpꮶkꮷdꮻo',
  // Canadian syllabics
  'ᐯvᑌuᑭpᑯdᑲbᑳbᒍjᒪlᕁxᕼhᕽxᖇrᖯbᖴfᗅaᗞdᗪdᗰmᗷbᗩaᑕcᗴeᑎnᑫqᔕsᗯwᘔz᙭x',
  // Coptic
  'ⲅrⲏhⲓiⲕkⲙmⲛnⲟoⲣpⲥcⲧtⲩyⲭxⳑl',
  // Lisu
  'ꓐbꓑpꓒdꓓdꓔtꓖgꓗkꓙjꓚcꓜzꓝfꓟmꓠnꓡlꓢsꓣrꓦvꓧhꓪwꓫxꓬyꓮaꓰeꓲiꓳoꓴu',
];

let pairs: Uint16Array | undefined;

/** The small Latin letter that a letter looks like (code points); undefined: none. The table is read at first use. */
export function latinLookAlike(point: number): number | undefined {
  pairs ??= readPairs(PAIRS);
  return pairs[point] || undefined;
}
