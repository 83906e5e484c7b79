/**
 * The one place of colours, sizes and spaces of all pages. Colours are steps of @radix-ui/colors: 1 and 2 are grounds, 3 to
 * 5 soft fills, 6 to 8 lines, 9 and 10 solid fills, 11 and 12 text. Each entry is [light, dark].
 */
import {
  amber,
  amberDark,
  green,
  greenDark,
  indigo,
  indigoDark,
  red,
  redDark,
  slate,
  slateDark,
  violet,
  violetDark,
} from '@radix-ui/colors';

const scales = { amber, green, indigo, red, slate, violet };
const darkScales = {
  amber: amberDark,
  green: greenDark,
  indigo: indigoDark,
  red: redDark,
  slate: slateDark,
  violet: violetDark,
};
const pair = (name, light, dark = light) => [scales[name][`${name}${light}`], darkScales[name][`${name}${dark}`]];

const COLOURS = {
  bg: pair('slate', 2, 1),
  surface: ['#ffffff', slateDark.slate2],
  sunken: pair('slate', 3),
  hover: pair('slate', 3),
  line: pair('slate', 5),
  'line-strong': pair('slate', 7),
  text: pair('slate', 12),
  soft: pair('slate', 11),
  accent: pair('indigo', 11),
  'accent-soft': pair('indigo', 3),
  'accent-line': pair('indigo', 7),
  'on-accent': ['#ffffff', indigoDark.indigo1],
  solid: pair('indigo', 9),
  'solid-hover': ['#3358d4', '#3358d4'],
  'on-solid': ['#ffffff', '#ffffff'],
  // Green 11 is too light for small text on green 3.
  ok: ['#1a7048', greenDark.green11],
  'ok-soft': pair('green', 3),
  bad: pair('red', 11),
  'bad-soft': pair('red', 3),
  'bad-line': pair('red', 6),
  // The background of white text in both.
  danger: [red.red11, '#ce2c31'],
  warn: [amber.amber12, amberDark.amber11],
  'warn-soft': pair('amber', 3),
  'warn-line': pair('amber', 7),
  violet: pair('violet', 11),
  'violet-soft': pair('violet', 3),
  live: ['#ce2c31', '#ce2c31'],
  shadow: ['0 1px 2px rgb(20 25 40 / 5%)', '0 1px 2px rgb(0 0 0 / 40%)'],
  'shadow-high': ['0 12px 40px rgb(20 25 40 / 16%), 0 2px 8px rgb(20 25 40 / 8%)', '0 16px 48px rgb(0 0 0 / 60%)'],
  scrim: ['rgb(20 25 40 / 30%)', 'rgb(0 0 0 / 55%)'],
};

const SIZES = {
  1: '4px',
  2: '8px',
  3: '12px',
  4: '16px',
  5: '24px',
  6: '32px',
  radius: '6px',
  'radius-large': '10px',
  /** Height of a table row, and of a button. */
  row: '36px',
  control: '32px',
  rail: '212px',
  mono: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  sans: 'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
};

const declarations = (entries) => entries.map(([name, value]) => `--${name}: ${value};`).join('\n');
const colours = (index) => declarations(Object.entries(COLOURS).map(([name, values]) => [name, values[index]]));
// A name of a custom property may not be a bare number to read well: --s1 … --s6.
const sizes = declarations(
  Object.entries(SIZES).map(([name, value]) => [/^\d$/.test(name) ? `s${name}` : name, value]),
);

/** The tokens as custom properties: light, dark by choice, dark by the system's wish. */
export function tokensCss() {
  return `:root {\n${sizes}\n${colours(0)}\ncolor-scheme: light;\n}
:root[data-theme="dark"] {\n${colours(1)}\ncolor-scheme: dark;\n}
@media (prefers-color-scheme: dark) {\n:root:not([data-theme="light"]) {\n${colours(1)}\ncolor-scheme: dark;\n}\n}`;
}
