/**
 * Characters that look like others, one for one, so that places in a text stay: letters of other alphabets that look like Latin
 * ones, and some that look like Chinese characters or are written for the same Arabic letter. A
 * capital letter is read as its small one, so that a word is the same in both, but for four that are listed themselves.
 *
 * Source: confusables of UTS #39, version 15.0, Unicode License v3 (look-alikes.LICENSE.txt); small capitals by their names.
 * Reduced to the alphabets named here and to letters that look like one letter from a to z. Changed: ӏ is l, Б is itself, and
 * some that are written for Latin letters in chats were added (βεζχω, пь, ᗩᑕᗴᑎᑫᔕᗯᘔ᙭).
 */
import { readPairs } from './character-pairs';

const PAIRS = [
  // Symbols
  '℮e⍺a⍳i⍴p⍵w',
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
  // Radicals that NFKC leaves as they are (EquivalentUnifiedIdeograph of Unicode), and katakana that look like Chinese characters
  '⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺈刀⺉刂⺊卜⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺫目⺬示⺭礻⺯糹⺰纟⺱罓⺲罒⺴冗⺶羊⺹耂⺺肀⺻聿⺼肉⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀',
  '⻄西⻅见⻆角⻈讠⻉贝⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀',
  'エ工カ力タ夕ト卜ニ二ノ丿ハ八ロ口',
  // Arabic letters as they are written in Persian and Urdu
  'ىيیيکكڪكہهھهەه',
];

let pairs: Uint16Array | undefined;

/** The character that another one looks like (code points); undefined: none. The table is read at first use. */
export function lookAlike(point: number): number | undefined {
  pairs ??= readPairs(PAIRS);
  return pairs[point] || undefined;
}
